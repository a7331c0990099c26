cat <<'END'
sluice-server is not started yet. Name a PostgreSQL database in /etc/sluice/server.yaml, then:
  runuser -u sluice -- sluice-server migrate up
  systemctl enable --now sluice-server
END
