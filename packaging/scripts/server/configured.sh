systemd-sysusers sluice-server.conf
# Its data folder is there before the service first runs: for tokens, migrations and purging.
systemd-tmpfiles --create sluice-server.conf
# It may hold a database's password.
chgrp sluice /etc/sluice/server.yaml
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
