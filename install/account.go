package install

import (
	"errors"
	"fmt"
	"os/exec"
	"os/user"
	"strconv"
	"strings"

	"pgd/perms"
)

// Account is the superuser account of a site.
type Account struct {
	Name     string
	UID, GID int
}

// DefaultAccount is the system account root's sites belong to.
const DefaultAccount = "pgd"

// findAccount looks a name or a number up. A number without a passwd entry works, with itself as group.
func findAccount(name string) (Account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		if _, numErr := strconv.Atoi(name); numErr == nil {
			if u, err = user.LookupId(name); err != nil {
				id, _ := strconv.Atoi(name)
				return Account{Name: name, UID: id, GID: id}, nil
			}
		}
	}
	if err != nil {
		return Account{}, err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return Account{Name: u.Username, UID: uid, GID: gid}, nil
}

// check refuses an account that is root's in any way.
func (a Account) check() error {
	if a.UID == 0 || a.GID == 0 {
		return &perms.Refusal{
			Message: fmt.Sprintf("a site cannot belong to %q: its uid is %d, its gid %d, and neither may be 0", a.Name, a.UID, a.GID),
			Hint:    "Give another account with --owner, or none: root's default is the system account " + DefaultAccount + ".",
		}
	}
	if a.UID < 0 || a.GID < 0 {
		return &perms.Refusal{Message: fmt.Sprintf("invalid owner %q", a.Name)}
	}
	return nil
}

// ensureAccount finds the account or, as root, makes it: a system account with its own group, locked, without a login shell.
func ensureAccount(name string, j *journal) (Account, error) {
	a, err := findAccount(name)
	if err == nil {
		return a, a.check()
	}
	var unknown user.UnknownUserError
	if !errors.As(err, &unknown) {
		return a, fmt.Errorf("look up account %q: %w", name, err)
	}
	if !validName.MatchString(name) || len(name) > 32 {
		return a, &perms.Refusal{Message: fmt.Sprintf("account %q does not exist and is no name for a new one", name)}
	}
	useradd, err := exec.LookPath("useradd")
	if err != nil {
		if useradd, err = exec.LookPath("/usr/sbin/useradd"); err != nil {
			return a, &perms.Refusal{Message: fmt.Sprintf("account %q does not exist, and useradd is not there to make it", name),
				Hint: "Install it (Debian: apt-get install passwd), or make the account by other means and give --owner."}
		}
	}
	cmd := exec.Command(useradd, "--system", "--user-group", "--no-create-home", "--home-dir", SystemPlaces().Sites,
		"--shell", "/usr/sbin/nologin", "--comment", "pgd database", name)
	if out, err := cmd.CombinedOutput(); err != nil {
		return a, fmt.Errorf("make account %q: %s: %w", name, strings.TrimSpace(string(out)), err)
	}
	j.made(func() { exec.Command("/usr/sbin/userdel", name).Run() })
	if a, err = findAccount(name); err != nil {
		return a, fmt.Errorf("look up new account %q: %w", name, err)
	}
	return a, a.check()
}
