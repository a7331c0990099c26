# A database is changed by its operator's word only; a server that finds an old one does not start.
if [ -d /run/systemd/system ] && systemctl --quiet is-active sluice-server.service; then
  pending=$(runuser -u sluice -- timeout 20 sluice-server migrate pending) || pending=
  if [ "$pending" = 'Pending: nothing.' ]; then
    systemctl restart sluice-server.service
  else
    cat <<END
sluice-server goes on in its old version, for the new one wants the database changed, or could not ask it.
${pending}
When it suits you:
  runuser -u sluice -- sluice-server migrate up
  systemctl restart sluice-server
END
  fi
fi
