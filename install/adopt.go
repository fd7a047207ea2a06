package install

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"pgd/install/site"
	"pgd/perms"
)

// Adopt registers a site that exists, after checking its version, owner and modes. It changes nothing in it.
func Adopt(name, dir string) (Result, error) {
	var res Result
	places, err := CallerPlaces()
	if err != nil {
		return res, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return res, err
	}
	if name == "" {
		name = filepath.Base(dir)
	}
	if err := CheckName(name); err != nil {
		return res, err
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return res, &perms.Refusal{Message: fmt.Sprintf("could not access site directory %q: %s", dir, err)}
	}
	uid := st.Sys().(*syscall.Stat_t).Uid
	if me := os.Geteuid(); me != 0 && uint32(me) != uid {
		return res, &perms.Refusal{Message: fmt.Sprintf("site directory %q belongs to %q, you are %q", dir, perms.UserName(uid), perms.UserName(uint32(me))),
			Hint: fmt.Sprintf("sudo -u %s pgd init site --adopt %s", perms.UserName(uid), dir)}
	}
	if err := site.Dir(dir).Check(uid); err != nil {
		return res, err
	}
	v, err := site.Dir(dir).ReadVersion()
	if err != nil {
		return res, err
	}
	if es, err := Entries(); err == nil {
		for _, e := range es {
			if e.Dir == dir && e.Name != name {
				return res, &perms.Refusal{Message: fmt.Sprintf("directory %q is registered already as site %q", dir, e.Name)}
			}
		}
	}
	c := configured(site.Dir(dir))
	if taken, err := portsTaken(); err == nil && taken[c.Port] != "" && taken[c.Port] != name {
		return res, &perms.Refusal{Message: fmt.Sprintf("port %d is site %q's", c.Port, taken[c.Port]),
			Hint: "Change port in " + site.Dir(dir).Path(site.ConfigFile)}
	}
	if err := places.Register(name, dir); err != nil {
		return res, err
	}
	return Result{Name: name, Dir: dir, Owner: perms.UserName(uid), Port: c.Port, Listen: c.Listen, SocketDir: c.SocketDir, Identifier: v.Identifier}, nil
}
