package install

import (
	"fmt"
	"os"

	"github.com/google/renameio/v2"
)

// unitDir is where a system administrator's units live; it exists where systemd is installed.
const unitDir = "/etc/systemd/system"

const unitText = `# Written by pgd init site. One instance a site: systemctl enable --now pgd@main
[Unit]
Description=pgd site %%i
Documentation=man:pgd(1)
After=network.target

[Service]
Type=notify
User=%[2]s
ExecStart=%[1]s start --foreground %%i
ExecReload=/bin/kill -HUP $MAINPID
KillMode=mixed
KillSignal=SIGTERM
TimeoutStartSec=infinity
TimeoutStopSec=1h
Restart=on-failure
RuntimeDirectory=pgd
RuntimeDirectoryMode=0755
RuntimeDirectoryPreserve=yes
UMask=0077
OOMScoreAdjust=-900
LimitCORE=0
CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=read-only
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectSystem=strict
ReadWritePaths=/var/lib/pgd /run/pgd
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
`

// writeUnit writes the template unit for root's sites where systemd is installed, and gives its path. One that is there is
// left as it is: it may have been edited.
func writeUnit(places Places, binary string, j *journal) (string, error) {
	if !places.System {
		return "", nil
	}
	if _, err := os.Stat("/usr/lib/systemd/systemd"); err != nil {
		if _, err := os.Stat("/lib/systemd/systemd"); err != nil {
			return "", nil
		}
	}
	if st, err := os.Stat(unitDir); err != nil || !st.IsDir() {
		return "", nil
	}
	path := unitDir + "/pgd@.service"
	if _, err := os.Lstat(path); err == nil {
		return path, nil
	}
	if err := renameio.WriteFile(path, []byte(fmt.Sprintf(unitText, binary, DefaultAccount)), 0o644); err != nil {
		return "", fmt.Errorf("write unit: %w", err)
	}
	j.made(func() { os.Remove(path) })
	return path, nil
}
