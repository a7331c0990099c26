systemd-sysusers sluice-agent.conf
# Its data folder is there before the service first runs: for tokens, migrations and purging.
systemd-tmpfiles --create sluice-agent.conf
# It may hold a credential.
chgrp sluice-agent /etc/sluice/agent.yaml
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
