# Runs the commands that come by the channel, each at once and beside the others, and answers them as they
# end. A request is a line "ID SECONDS COMMAND", an answer "ID CODE STDOUT STDERR", texts in base64 (channel.ts).

# busybox for what happens with every command: under emulation, programs with libraries start slowly.
bb=/busybox

# The driver makes the port some time after it is loaded, and lets it be opened once.
until port=$($bb ls /sys/class/virtio-ports) && [ -c "/dev/$port" ]; do $bb sleep 0.1; done
exec 3<>"/dev/$port"
echo 'serve: the channel is open'

# One writer, told which answers are ready, keeps their lines apart.
$bb mkfifo /run/ready
exec 4<>/run/ready
while read -r id <&4; do
  $bb cat "/run/$id.answer" >&3
  $bb rm "/run/$id".*
done &

serve() {
  echo "$3" | $bb base64 -d >"/run/$1.sh"
  $bb timeout -s KILL "$2" /usr/bin/sh "/run/$1.sh" </dev/null >"/run/$1.out" 2>"/run/$1.err" 3<&- 4<&-
  echo "$1 $? $($bb base64 -w0 "/run/$1.out") $($bb base64 -w0 "/run/$1.err")" >"/run/$1.answer"
  echo "$1" >&4
}

while true; do
  # Ends when the other side hangs up; it may come back.
  while read -r id seconds command <&3; do
    serve "$id" "$seconds" "$command" &
  done
  $bb sleep 0.1
done
