cat <<'END'
sluice-agent is not started yet. On a host with Open vSwitch: put this host's token into
/etc/sluice/agent.token (chgrp sluice-agent, chmod 640) and the server's address into
/etc/sluice/agent.yaml, then: systemctl enable --now sluice-agent
END
