package install

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pgd/install/site"
	"pgd/perms"
)

// known are the names a site's root may hold; a site with anything else is not removed blindly.
var known = map[string]bool{
	site.VersionFile: true, site.ConfigFile: true, site.AutoConfigFile: true, site.HBAFile: true, site.IdentFile: true,
	site.LockFile: true, site.PIDFile: true, site.GlobalDir: true, site.BaseDir: true, site.AuditDir: true, site.LogDir: true,
}

// Drop removes a site that is not running: its directory and its registration. confirm is asked when everything else is checked.
func Drop(name string, confirm func(Site) error) (Site, error) {
	if err := CheckName(name); err != nil {
		return Site{}, err
	}
	dir, err := Find(name)
	if err != nil {
		return Site{}, err
	}
	places, e, err := placesOf(name, dir)
	if err != nil {
		return Site{}, err
	}
	s := describe(e)
	switch s.State {
	case "running":
		return s, &perms.Refusal{Message: fmt.Sprintf("site %q is running (PID %d)", name, s.PID), Hint: "Stop it first: pgd stop " + name}
	case "no access":
		return s, &perms.Refusal{Message: fmt.Sprintf("site %q belongs to %q: directory %q cannot be read", name, s.Owner, dir), Hint: "sudo pgd drop site " + name}
	case "missing":
		return s, places.Unregister(name)
	}
	if e.System && os.Geteuid() != 0 {
		return s, &perms.Refusal{Message: fmt.Sprintf("site %q was made by root: only root can drop it", name), Hint: "sudo pgd drop site " + name}
	}
	if err := foreign(dir); err != nil {
		return s, err
	}
	if err := confirm(s); err != nil {
		return s, err
	}
	// The lock is taken for the removal: a start in between must fail, not run without files.
	lock, err := site.Dir(dir).Lock()
	if err != nil {
		return s, err
	}
	defer lock.Close()
	// PGD_VERSION goes first: what an interrupted removal leaves is no site any more. RemoveAll follows no symbolic link.
	if err := os.Remove(site.Dir(dir).Path(site.VersionFile)); err != nil && !os.IsNotExist(err) {
		return s, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return s, fmt.Errorf("remove site: %w", err)
	}
	if err := syncDir(filepath.Dir(dir)); err != nil {
		return s, err
	}
	return s, places.Unregister(name)
}

func placesOf(name, dir string) (Places, Entry, error) {
	for _, p := range visible() {
		if e, err := p.lookup(name); err == nil && e.Dir == dir {
			return p, e, nil
		}
	}
	return Places{}, Entry{}, fmt.Errorf("site %q vanished", name)
}

func foreign(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var names []string
	for _, e := range entries {
		if !known[e.Name()] {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 {
		return nil
	}
	return &perms.Refusal{Message: fmt.Sprintf("site directory %q holds files that are not the site's: %s", dir, strings.Join(names, ", ")),
		Hint: "Move them away, then drop the site."}
}
