package install

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// journal remembers what an installation made, so that a failure half-way can take back that and only that.
type journal struct{ steps []func() }

func (j *journal) made(undo func()) { j.steps = append(j.steps, undo) }

// undo takes everything back, the last first.
func (j *journal) undo() {
	for i := len(j.steps) - 1; i >= 0; i-- {
		j.steps[i]()
	}
	j.steps = nil
}

// mkdirAll makes a directory and its missing parents, all with the given mode and owner, and remembers them.
// What exists already is left as it is.
func (j *journal) mkdirAll(dir string, mode os.FileMode, uid, gid int) error {
	if st, err := os.Stat(dir); err == nil {
		if !st.IsDir() {
			return fmt.Errorf("%q exists and is not a directory", dir)
		}
		return nil
	}
	if parent := filepath.Dir(dir); parent != dir {
		// Parents stay the caller's: only the directory itself is the site's.
		if err := j.mkdirAll(parent, 0o755, os.Geteuid(), os.Getegid()); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, mode); err != nil {
		return err
	}
	j.made(func() { os.Remove(dir) })
	if err := os.Chmod(dir, mode); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		// The directory is new, empty and root's until here: nobody can have replaced it.
		if err := os.Lchown(dir, uid, gid); err != nil {
			return err
		}
	}
	return syncDir(filepath.Dir(dir))
}

// syncDir makes the entries of a directory durable.
func syncDir(dir string) error {
	fd, err := unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open directory %s: %w", dir, err)
	}
	defer unix.Close(fd)
	if err := unix.Fsync(fd); err != nil && err != unix.EINVAL {
		return fmt.Errorf("sync directory %s: %w", dir, err)
	}
	return nil
}

// syncTree makes every file and directory below root durable, root last.
func syncTree(root string) error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(root, e.Name())
		if e.IsDir() {
			if err := syncTree(path); err != nil {
				return err
			}
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		err = f.Sync()
		f.Close()
		if err != nil {
			return fmt.Errorf("sync %s: %w", path, err)
		}
	}
	return syncDir(root)
}
