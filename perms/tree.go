package perms

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"golang.org/x/sys/unix"
)

// Rule is what one file of a site must be.
type Rule struct {
	Path      string // relative to the site
	Dir       bool
	Forbidden uint32 // mode bits that must not be set (group access widens it, see CheckSite)
	RootToo   bool   // may belong to root as well (configuration files)
	Optional  bool
	OneLink   bool
}

// CheckSite checks a site's root, every ancestor directory, and each file of rules against the uid that is going to use them. group tells whether
// group access (0750/0640) is allowed: it is when the root's mode says so. All that is wrong is reported at once.
func CheckSite(root string, uid uint32, rules []Rule) error {
	if problems := check(root, uid, rules); len(problems) > 0 {
		return problems
	}
	return nil
}

func check(root string, uid uint32, rules []Rule) Refusals {
	var out Refusals
	var st unix.Stat_t
	if err := unix.Lstat(root, &st); err != nil {
		return Refusals{{Message: fmt.Sprintf("could not access site directory %q: %s", root, err), Hint: "Make one with: pgd init site --dir " + root}}
	}
	if r := checkRoot(root, uid, &st); r != nil {
		return Refusals{r}
	}
	out = append(out, checkAncestors(root, uid, st.Gid)...)
	loose := uint32(0o077)
	if st.Mode&0o050 == 0o050 {
		loose = 0o027
	}
	for _, rule := range rules {
		out = append(out, checkFile(root, uid, loose, rule)...)
	}
	return out
}

func checkRoot(root string, uid uint32, st *unix.Stat_t) *Refusal {
	mode := st.Mode & 0o7777
	switch {
	case st.Mode&unix.S_IFMT == unix.S_IFLNK:
		return &Refusal{Message: fmt.Sprintf("site directory %q is a symbolic link", root), Hint: "Give the directory it points to: readlink -f " + root}
	case st.Mode&unix.S_IFMT != unix.S_IFDIR:
		return &Refusal{Message: fmt.Sprintf("site directory %q is not a directory", root)}
	case st.Uid == 0:
		return &Refusal{Message: fmt.Sprintf("site directory %q belongs to root; an account that is not root is needed", root),
			Hint: fmt.Sprintf("chown -R OWNER: %s", root)}
	case st.Uid != uid:
		return &Refusal{
			Message: fmt.Sprintf("site directory %q has wrong ownership: it belongs to %q (uid %d), the process runs as %q (uid %d)%s",
				root, UserName(st.Uid), st.Uid, UserName(uid), uid, fileSystem(root)),
			Hint: fmt.Sprintf("Run it as the owner: sudo -u %s pgd start %s", UserName(st.Uid), root) + namespaceHint(),
		}
	case mode&0o027 != 0:
		hint := fmt.Sprintf("chmod 0700 %s   (or 0750 where the group may read)", root)
		if mode&0o2770 == 0o2770 {
			hint += "\nThe mode looks like a Kubernetes fsGroup volume; pgd needs a directory below it: set --dir to a subdirectory."
		}
		return &Refusal{Message: fmt.Sprintf("site directory %q has invalid permissions: mode is %04o, needed is 0700 or 0750", root, mode), Hint: hint}
	}
	return nil
}

// checkAncestors walks up to /: who can rename a directory above the site owns the site.
func checkAncestors(root string, uid, gid uint32) Refusals {
	var out Refusals
	for dir := filepath.Dir(root); ; dir = filepath.Dir(dir) {
		var st unix.Stat_t
		if err := unix.Lstat(dir, &st); err != nil {
			return append(out, &Refusal{Message: fmt.Sprintf("could not access directory %q above the site: %s", dir, err)})
		}
		sticky := st.Mode&unix.S_ISVTX != 0
		switch {
		case st.Uid != 0 && st.Uid != uid && !overflowUID(st.Uid):
			out = append(out, &Refusal{
				Message: fmt.Sprintf("directory %q above the site belongs to %q (uid %d); root or %q is needed", dir, UserName(st.Uid), st.Uid, UserName(uid)),
				Hint:    fmt.Sprintf("chown root: %s   (or move the site)", dir)})
		case st.Mode&0o002 != 0 && !sticky, st.Mode&0o020 != 0 && !sticky && st.Gid != 0 && st.Gid != gid:
			out = append(out, &Refusal{
				Message: fmt.Sprintf("directory %q above the site is writable by others: mode is %04o, group %q", dir, st.Mode&0o7777, GroupName(st.Gid)),
				Hint:    "chmod go-w " + dir})
		}
		if dir == "/" || dir == "." {
			return out
		}
	}
}

func checkFile(root string, uid, loose uint32, rule Rule) Refusals {
	path := filepath.Join(root, rule.Path)
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		if rule.Optional && err == unix.ENOENT {
			return nil
		}
		return Refusals{{Message: fmt.Sprintf("could not access file %q: %s", path, err), Hint: "Restore it from a backup of the site."}}
	}
	kind, want := uint32(unix.S_IFREG), "a regular file"
	if rule.Dir {
		kind, want = unix.S_IFDIR, "a directory"
	}
	if st.Mode&unix.S_IFMT != kind {
		found := "not " + want
		if st.Mode&unix.S_IFMT == unix.S_IFLNK {
			target, _ := os.Readlink(path)
			found = fmt.Sprintf("a symbolic link to %q", target)
		}
		return Refusals{{Message: fmt.Sprintf("%q is %s; %s is needed", path, found, want), Hint: "Put the file itself in its place."}}
	}
	var out Refusals
	if st.Uid != uid && !(rule.RootToo && st.Uid == 0) {
		out = append(out, &Refusal{
			Message: fmt.Sprintf("%q has wrong ownership: it belongs to %q (uid %d), %q (uid %d) is needed", path, UserName(st.Uid), st.Uid, UserName(uid), uid),
			Hint:    fmt.Sprintf("chown %s %s", UserName(uid), path)})
	}
	if rule.RootToo && st.Uid == 0 {
		loose &^= 0o040 // the site's account can read root's file only through its group, as PostgreSQL's key files
	}
	if forbidden := rule.Forbidden | loose; st.Mode&forbidden&0o777 != 0 {
		needed := uint32(0o666) &^ forbidden
		if rule.Dir {
			needed = 0o777 &^ forbidden
		}
		out = append(out, &Refusal{
			Message: fmt.Sprintf("%q has invalid permissions: mode is %04o, at most %04o is needed", path, st.Mode&0o7777, needed),
			Hint:    fmt.Sprintf("chmod %04o %s", needed, path)})
	}
	if rule.OneLink && !rule.Dir && st.Nlink != 1 {
		out = append(out, &Refusal{Message: fmt.Sprintf("%q has %d links; one is needed", path, st.Nlink),
			Hint: "Find the other name with: find / -xdev -samefile " + path})
	}
	return out
}

// Databases lists the rules for the files of each database directory in base.
func Databases(root, base string, files []Rule) ([]Rule, error) {
	entries, err := os.ReadDir(filepath.Join(root, base))
	if err != nil {
		return nil, &Refusal{Message: fmt.Sprintf("could not read directory %q: %s", filepath.Join(root, base), err)}
	}
	var out []Rule
	for _, e := range entries {
		dir := filepath.Join(base, e.Name())
		out = append(out, Rule{Path: dir, Dir: true})
		for _, f := range files {
			f.Path = filepath.Join(dir, f.Path)
			out = append(out, f)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out, nil
}
