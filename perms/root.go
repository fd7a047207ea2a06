package perms

import (
	"bufio"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// RefuseRoot refuses a process that is root, that has different real and effective ids, or that still holds
// capabilities. command is what the user typed ("pgd start main"), site the site's directory (may be empty): the hint says how to
// run it as the owner. It looks at nothing but the process itself and, for the hint, the owner of site.
func RefuseRoot(command, site string) error {
	ruid, euid, suid := unix.Getresuid()
	rgid, egid, _ := unix.Getresgid()
	return refuseIDs(ids{ruid, euid, suid, rgid, egid}, capabilities("/proc/self/status"), command, site)
}

type ids struct{ ruid, euid, suid, rgid, egid int }

func refuseIDs(i ids, caps []string, command, site string) error {
	switch {
	case i.euid == 0 || i.ruid == 0 || i.suid == 0:
		return &Refusal{
			Message: fmt.Sprintf("cannot be run as root%s", owned(site)),
			Hint:    runAs(command, site),
		}
	case i.ruid != i.euid:
		return &Refusal{
			Message: fmt.Sprintf("real and effective user IDs must match (real %d, effective %d)", i.ruid, i.euid),
			Hint:    "The binary must not be set-user-ID: chmod u-s the binary, and start it as the owner of the site.",
		}
	case i.rgid != i.egid:
		return &Refusal{
			Message: fmt.Sprintf("real and effective group IDs must match (real %d, effective %d)", i.rgid, i.egid),
			Hint:    "The binary must not be set-group-ID: chmod g-s the binary, and start it as the owner of the site.",
		}
	case len(caps) > 0:
		return &Refusal{
			Message: "the process still holds capabilities: " + strings.Join(caps, ", "),
			Hint: "Start it without them: no AmbientCapabilities= in the unit, no --cap-add in the container, no file capabilities on the binary " +
				"(setcap -r), or: setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all " + command,
		}
	}
	return nil
}

// owned names the site's owner where it can be told.
func owned(site string) string {
	if name := ownerName(site); name != "" {
		return fmt.Sprintf(": site %q belongs to %q", site, name)
	}
	return ""
}

func ownerName(site string) string {
	var st unix.Stat_t
	if site == "" || unix.Lstat(site, &st) != nil {
		return ""
	}
	return UserName(st.Uid)
}

// UserName names a uid, by number where it has no entry.
func UserName(uid uint32) string {
	if u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10)); err == nil {
		return u.Username
	}
	return strconv.FormatUint(uint64(uid), 10)
}

// GroupName names a gid, by number where it has no entry.
func GroupName(gid uint32) string {
	if g, err := user.LookupGroupId(strconv.FormatUint(uint64(gid), 10)); err == nil {
		return g.Name
	}
	return strconv.FormatUint(uint64(gid), 10)
}

func runAs(command, site string) string {
	owner := ownerName(site)
	if owner == "" || owner == "root" || owner == "0" {
		owner = "OWNER"
	}
	name := command[strings.LastIndexByte(command, ' ')+1:]
	return fmt.Sprintf("Run it as the owner of the site: sudo -u %s %s\n"+
		"Under systemd: systemctl start pgd@%s (the unit has User=%s). In a container: user: \"%s\" in its definition.",
		owner, command, name, owner, owner)
}

// capabilities names the sets of /proc/self/status that are not empty among those a process could use: effective,
// permitted, ambient. The bounding set of an ordinary process is full and gives nothing by itself.
func capabilities(status string) []string {
	f, err := os.Open(status)
	if err != nil {
		return nil
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		key, val, _ := strings.Cut(s.Text(), ":")
		if key != "CapEff" && key != "CapPrm" && key != "CapAmb" {
			continue
		}
		if v, err := strconv.ParseUint(strings.TrimSpace(val), 16, 64); err == nil && v != 0 {
			out = append(out, fmt.Sprintf("%s=%x", key, v))
		}
	}
	return out
}
