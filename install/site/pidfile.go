package site

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// States a postmaster writes into its pid file.
const (
	StateStarting = "starting"
	StateReady    = "ready"
	StateStopping = "stopping"
)

// PID is the content of postmaster.pid: what people and tools want to know of a running postmaster. It says nothing about whether
// one runs.
type PID struct {
	PID       int
	Dir       string
	Started   time.Time
	Port      int
	SocketDir string // empty without a Unix socket
	Listen    string // first address listened on, empty without TCP
	State     string
}

// String gives the file's content, one item a line.
func (p PID) String() string {
	return fmt.Sprintf("%d\n%s\n%d\n%d\n%s\n%s\n%s\n", p.PID, p.Dir, p.Started.Unix(), p.Port, p.SocketDir, p.Listen, p.State)
}

// ParsePID reads the content of a pid file.
func ParsePID(text string) (PID, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 8 || lines[7] != "" {
		return PID{}, fmt.Errorf("%d lines in place of 7", len(lines)-1)
	}
	p := PID{Dir: lines[1], SocketDir: lines[4], Listen: lines[5], State: lines[6]}
	var err error
	if p.PID, err = strconv.Atoi(lines[0]); err != nil || p.PID <= 0 {
		return PID{}, fmt.Errorf("bad process id %q", lines[0])
	}
	started, err := strconv.ParseInt(lines[2], 10, 64)
	if err != nil {
		return PID{}, fmt.Errorf("bad start time %q", lines[2])
	}
	p.Started = time.Unix(started, 0)
	if p.Port, err = strconv.Atoi(lines[3]); err != nil || p.Port < 0 || p.Port > 65535 {
		return PID{}, fmt.Errorf("bad port %q", lines[3])
	}
	return p, nil
}

// ReadPID reads the pid file; os.ErrNotExist when there is none.
func (d Dir) ReadPID() (PID, error) {
	path := d.Path(PIDFile)
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return PID{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 16<<10))
	if err != nil {
		return PID{}, fmt.Errorf("read %s: %w", path, err)
	}
	p, err := ParsePID(string(b))
	if err != nil {
		return p, fmt.Errorf("file %q: %w", path, err)
	}
	return p, nil
}

// WritePID replaces the pid file; a reader sees the old or the new one, never a part. Only the holder of the lock may.
func (d Dir) WritePID(p PID) error {
	mode := os.FileMode(0o600)
	if st, err := os.Stat(string(d)); err == nil && st.Mode().Perm()&0o050 != 0 {
		mode = 0o640
	}
	path := d.Path(PIDFile)
	temp := path + ".new"
	if err := os.Remove(temp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("write pid file: %w", err)
	}
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("write pid file: %w", err)
	}
	_, err = f.WriteString(p.String())
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		os.Remove(temp)
		return fmt.Errorf("write pid file: %w", err)
	}
	return nil
}

// RemovePID removes the pid file.
func (d Dir) RemovePID() error {
	if err := os.Remove(d.Path(PIDFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove pid file: %w", err)
	}
	return nil
}
