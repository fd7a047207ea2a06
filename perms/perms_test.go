package perms

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Ensure that root, set-id processes and leftover capabilities are refused, each with what to run instead.
func TestRefuseIDs(t *testing.T) {
	site := t.TempDir()
	for _, c := range []struct {
		name    string
		ids     ids
		caps    []string
		message string
		hint    string
	}{
		{"root", ids{0, 0, 0, 0, 0}, nil, "cannot be run as root", "sudo -u"},
		{"effective root", ids{1000, 0, 0, 1000, 1000}, nil, "cannot be run as root", "sudo -u"},
		{"saved root", ids{1000, 1000, 0, 1000, 1000}, nil, "cannot be run as root", "sudo -u"},
		{"set-user-ID", ids{1000, 1001, 1001, 1000, 1000}, nil, "real and effective user IDs must match (real 1000, effective 1001)", "chmod u-s"},
		{"set-group-ID", ids{1000, 1000, 1000, 1000, 1001}, nil, "real and effective group IDs must match (real 1000, effective 1001)", "chmod g-s"},
		{"capabilities", ids{1000, 1000, 1000, 1000, 1000}, []string{"CapEff=400"}, "still holds capabilities: CapEff=400", "setpriv"},
		{"ordinary", ids{1000, 1000, 1000, 1000, 1000}, nil, "", ""},
	} {
		err := refuseIDs(c.ids, c.caps, "pgd start main", site)
		if c.message == "" {
			if err != nil {
				t.Errorf("%s: refused: %v", c.name, err)
			}
			continue
		}
		var r *Refusal
		if !errors.As(err, &r) || !strings.Contains(r.Message, c.message) || !strings.Contains(r.Hint, c.hint) {
			t.Errorf("%s: got %#v", c.name, err)
		}
	}
}

// Ensure that a set of capabilities that is not empty is seen, and the full bounding set of an ordinary process is not held against it.
func TestCapabilities(t *testing.T) {
	path := filepath.Join(t.TempDir(), "status")
	os.WriteFile(path, []byte("Name:\tpgd\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000400\nCapEff:\t0000000000000000\nCapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000400\n"), 0o600)
	if got := strings.Join(capabilities(path), " "); got != "CapPrm=400 CapAmb=400" {
		t.Errorf("got %q", got)
	}
}

// good makes a small tree that passes.
func good(t *testing.T) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "site")
	for _, d := range []string{root, filepath.Join(root, "base")} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"conf", "data"} {
		if err := os.WriteFile(filepath.Join(root, f), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

var testRules = []Rule{{Path: "conf", RootToo: true}, {Path: "data", OneLink: true}, {Path: "base", Dir: true}, {Path: "maybe", Optional: true}}

// Ensure that each way a tree can be wrong is found and named with what mends it, and that a good one passes.
func TestCheckSite(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(root string) error
		want   string
		hint   string
	}{
		{"good", func(string) error { return nil }, "", ""},
		{"root too open", func(r string) error { return os.Chmod(r, 0o755) }, "mode is 0755, needed is 0700 or 0750", "chmod 0700"},
		{"root like a volume of Kubernetes", func(r string) error { return os.Chmod(r, 0o2770|os.ModeSetgid) }, "invalid permissions", "Kubernetes"},
		{"group access", func(r string) error { return os.Chmod(r, 0o750) }, "", ""},
		{"root missing", func(r string) error { return os.RemoveAll(r) }, "could not access site directory", "pgd init site"},
		{"root a link", func(r string) error {
			if err := os.Rename(r, r+".real"); err != nil {
				return err
			}
			return os.Symlink(r+".real", r)
		}, "is a symbolic link", "readlink"},
		{"file too open", func(r string) error { return os.Chmod(filepath.Join(r, "data"), 0o644) }, "mode is 0644, at most 0600", "chmod 0600"},
		{"directory too open", func(r string) error { return os.Chmod(filepath.Join(r, "base"), 0o755) }, "mode is 0755, at most 0700", "chmod 0700"},
		{"file missing", func(r string) error { return os.Remove(filepath.Join(r, "data")) }, "could not access file", "backup"},
		{"file a link", func(r string) error {
			p := filepath.Join(r, "data")
			os.Remove(p)
			return os.Symlink("/etc/passwd", p)
		}, `is a symbolic link to "/etc/passwd"`, ""},
		{"file with two names", func(r string) error { return os.Link(filepath.Join(r, "data"), filepath.Join(r, "other")) }, "has 2 links", "samefile"},
		{"directory a file", func(r string) error {
			os.Remove(filepath.Join(r, "base"))
			return os.WriteFile(filepath.Join(r, "base"), nil, 0o600)
		}, "a directory is needed", ""},
		{"parent writable", func(r string) error { return os.Chmod(filepath.Dir(r), 0o777) }, "is writable by others: mode is 0777", "chmod go-w"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := good(t)
			if err := c.damage(root); err != nil {
				t.Fatal(err)
			}
			defer os.Chmod(filepath.Dir(root), 0o700)
			if os.Geteuid() == 0 {
				// Root's own tree: the rule that a site never belongs to root is tested by itself.
				checkAsRootOwned(t, root, c.name, c.want)
				return
			}
			expect(t, CheckSite(root, uint32(os.Geteuid()), testRules), c.want, c.hint)
		})
	}
}

func expect(t *testing.T, err error, want, hint string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("refused: %v", err)
		}
		return
	}
	var h interface{ HintText() string }
	if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &h) || !strings.Contains(h.HintText(), hint) {
		t.Errorf("got %v, want %q with hint %q", err, want, hint)
	}
}

// checkAsRootOwned gives the tree to another account, as only root can.
func checkAsRootOwned(t *testing.T, root, name, want string) {
	t.Helper()
	const uid = 54321
	filepath.WalkDir(filepath.Dir(root), func(p string, d os.DirEntry, err error) error {
		if err == nil && p != filepath.Dir(root) {
			os.Lchown(p, uid, uid)
		}
		return nil
	})
	os.Chmod(filepath.Dir(root), map[bool]os.FileMode{true: 0o777, false: 0o755}[name == "parent writable"])
	err := CheckSite(root, uid, testRules)
	if want == "" && err == nil || want != "" && err != nil && strings.Contains(err.Error(), want) {
		return
	}
	t.Errorf("got %v, want %q", err, want)
}

// Ensure that a site of root's, and one of somebody else's, is refused with who owns it. It needs root to make them.
func TestForeignOwner(t *testing.T) {
	root := good(t)
	if err := CheckSite(root, 4242, testRules); err == nil {
		t.Error("another's site was accepted")
	} else if os.Geteuid() == 0 {
		expect(t, err, "belongs to root", "chown")
	} else {
		expect(t, err, "has wrong ownership", "sudo -u")
	}
}
