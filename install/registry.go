package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/google/renameio/v2"

	"pgd/perms"
)

// Entry is one registered site.
type Entry struct {
	Name, Dir string
	System    bool
}

// Register records a site's name. A name that is taken is refused.
func (p Places) Register(name, dir string) error {
	if err := os.MkdirAll(p.Registry, 0o755); err != nil {
		return fmt.Errorf("make registry: %w", err)
	}
	path := filepath.Join(p.Registry, name)
	if old, err := p.lookup(name); err == nil && old.Dir != dir {
		return &perms.Refusal{Message: fmt.Sprintf("site %q already exists: %s", name, old.Dir), Hint: "Choose another name, or: pgd drop site " + name}
	}
	if err := renameio.WriteFile(path, []byte(dir+"\n"), 0o644); err != nil {
		return fmt.Errorf("register site: %w", err)
	}
	return syncDir(p.Registry)
}

// Unregister forgets a name; one that is not known is no error.
func (p Places) Unregister(name string) error {
	if err := os.Remove(filepath.Join(p.Registry, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("unregister site: %w", err)
	}
	return syncDir(p.Registry)
}

func (p Places) lookup(name string) (Entry, error) {
	b, err := os.ReadFile(filepath.Join(p.Registry, name))
	if err != nil {
		return Entry{}, err
	}
	dir := strings.TrimSuffix(string(b), "\n")
	if !filepath.IsAbs(dir) || strings.ContainsAny(dir, "\n\x00") {
		return Entry{}, fmt.Errorf("registry file %s is damaged", filepath.Join(p.Registry, name))
	}
	return Entry{Name: name, Dir: filepath.Clean(dir), System: p.System}, nil
}

func (p Places) entries() ([]Entry, error) {
	files, err := os.ReadDir(p.Registry)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read registry: %w", err)
	}
	var out []Entry
	for _, f := range files {
		if CheckName(f.Name()) != nil {
			continue
		}
		if e, err := p.lookup(f.Name()); err == nil {
			out = append(out, e)
		}
	}
	return out, nil
}

// visible are the caller's places, nearest first.
func visible() []Places {
	var out []Places
	if os.Geteuid() != 0 {
		if p, err := UserPlaces(); err == nil {
			out = append(out, p)
		}
	}
	return append(out, SystemPlaces())
}

// Entries lists all sites that the caller can see, the caller's own first.
func Entries() ([]Entry, error) {
	var out []Entry
	for _, p := range visible() {
		es, err := p.entries()
		if err != nil {
			return nil, err
		}
		sort.Slice(es, func(i, j int) bool { return es[i].Name < es[j].Name })
		out = append(out, es...)
	}
	return out, nil
}

// Find turns what a user typed into a site's directory: nothing is the site "main", a word is a registered name, anything with a
// slash is a directory.
func Find(name string) (dir string, err error) {
	if name == "" {
		name = DefaultName
	}
	if strings.Contains(name, "/") {
		return filepath.Abs(name)
	}
	if err := CheckName(name); err != nil {
		return "", err
	}
	for _, p := range visible() {
		if e, err := p.lookup(name); err == nil {
			return e.Dir, nil
		}
	}
	hint := "Make one with: pgd init site " + name
	if es, err := Entries(); err == nil && len(es) > 0 {
		var names []string
		for _, e := range es {
			names = append(names, e.Name)
		}
		hint = "There are: " + strings.Join(names, ", ") + ". " + hint
	}
	return "", &perms.Refusal{Message: fmt.Sprintf("site %q does not exist", name), Hint: hint}
}

// NameOf gives the name a directory is registered under, its last element where it is not.
func NameOf(dir string) string {
	if es, err := Entries(); err == nil {
		for _, e := range es {
			if e.Dir == dir {
				return e.Name
			}
		}
	}
	return filepath.Base(dir)
}
