package install

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"pgd/perms"
)

// Places are the directories in which sites of one kind of caller live.
type Places struct {
	Sites    string // default parent of sites
	Sockets  string // default socket directory
	Registry string // one file per site: its directory
	System   bool   // made by root
}

// SystemPlaces are root's.
func SystemPlaces() Places {
	return Places{Sites: "/var/lib/pgd", Sockets: "/run/pgd", Registry: "/etc/pgd/sites", System: true}
}

// UserPlaces are everybody else's, after the XDG base directories.
func UserPlaces() (Places, error) {
	data, config := os.Getenv("XDG_DATA_HOME"), os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(data) || !filepath.IsAbs(config) {
		home, err := os.UserHomeDir()
		if err != nil || !filepath.IsAbs(home) {
			return Places{}, &perms.Refusal{Message: "the home directory is not known", Hint: "Set HOME, or give --dir and --socket-dir."}
		}
		if !filepath.IsAbs(data) {
			data = filepath.Join(home, ".local", "share")
		}
		if !filepath.IsAbs(config) {
			config = filepath.Join(home, ".config")
		}
	}
	p := Places{Sites: filepath.Join(data, "pgd"), Registry: filepath.Join(config, "pgd", "sites")}
	if run := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(run) && writable(run) {
		p.Sockets = filepath.Join(run, "pgd")
	} else {
		p.Sockets = filepath.Join(p.Sites, "run")
	}
	return p, nil
}

func writable(dir string) bool {
	st, err := os.Stat(dir)
	return err == nil && st.IsDir() && st.Mode().Perm()&0o200 != 0
}

// CallerPlaces are those of the calling user.
func CallerPlaces() (Places, error) {
	if os.Geteuid() == 0 {
		return SystemPlaces(), nil
	}
	return UserPlaces()
}

// DefaultName is the site's name where none is given.
const DefaultName = "main"

var validName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

// CheckName refuses what cannot be a site's name: it becomes a file name and an instance name of a systemd unit.
func CheckName(name string) error {
	if !validName.MatchString(name) {
		return &perms.Refusal{Message: fmt.Sprintf("invalid site name %q", name),
			Hint: "Use lower-case letters, digits, - and _, 63 at most, beginning with a letter or a digit."}
	}
	return nil
}
