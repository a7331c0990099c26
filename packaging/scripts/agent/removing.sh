if [ -d /run/systemd/system ]; then
  systemctl disable --now --quiet sluice-agent.service
  systemctl stop sluice-openvswitch-access.path
fi
cat <<'END'
Limits that Sluice holds on this host's switch stay, and nothing changes them any more. To lift them, run
"sluice-agent purge" while the package is installed and the service is stopped.
END
