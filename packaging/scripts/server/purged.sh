# Not what "npm start" keeps there as root: databases of checkouts.
if [ -d /var/lib/sluice ]; then
  find /var/lib/sluice -mindepth 1 -maxdepth 1 ! -name embedded -exec rm -rf '{}' +
  rmdir --ignore-fail-on-non-empty /var/lib/sluice
fi
if [ -d /etc/sluice ]; then rmdir --ignore-fail-on-non-empty /etc/sluice; fi
