if [ -d /run/systemd/system ]; then systemctl disable --now --quiet sluice-server.service; fi
