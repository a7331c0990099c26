rm -rf /var/lib/sluice-agent
rm -f /etc/sluice/agent.token
if [ -d /etc/sluice ]; then rmdir --ignore-fail-on-non-empty /etc/sluice; fi
