package install

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"pgd/install/site"
	"pgd/perms"
)

// Site is one line of "pgd ls".
type Site struct {
	Name   string `json:"name"`
	Dir    string `json:"dir"`
	Owner  string `json:"owner"`
	Port   int    `json:"port"`
	State  string `json:"state"` // running, stopped, missing, damaged, no access
	PID    int    `json:"pid"`
	Format int    `json:"version"`
	System bool   `json:"system"`
}

// List describes every site the caller can see.
func List() ([]Site, error) {
	es, err := Entries()
	if err != nil {
		return nil, err
	}
	out := make([]Site, 0, len(es))
	for _, e := range es {
		out = append(out, describe(e))
	}
	return out, nil
}

func describe(e Entry) Site {
	s := Site{Name: e.Name, Dir: e.Dir, System: e.System}
	st, err := os.Lstat(e.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.State = "missing"
		return s
	case err != nil:
		s.State = "no access"
		return s
	}
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		s.Owner = perms.UserName(sys.Uid)
	}
	dir := site.Dir(e.Dir)
	if _, err := os.ReadDir(e.Dir); err != nil {
		s.State = "no access"
		return s
	}
	v, err := dir.ReadVersion()
	s.Format = v.Format
	s.Port = configured(dir).Port
	if err != nil {
		s.State = "damaged"
		return s
	}
	s.State = "stopped"
	if held, err := dir.Locked(); err != nil {
		s.State = "no access"
	} else if held {
		s.State = "running"
		if p, err := dir.ReadPID(); err == nil {
			s.PID = p.PID
		}
	}
	return s
}

// Configuration gives where a site listens, from its configuration files. It fails where they cannot be read.
func Configuration(dir site.Dir) (Where, error) {
	f, err := os.Open(dir.Path(site.ConfigFile))
	if err != nil {
		return Where{}, err
	}
	f.Close()
	return configured(dir), nil
}
