package daemon

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"pgd/daemon/handoff"
	"pgd/install/site"
)

// BackgroundLog is where a postmaster in the background keeps its log as long as the settings send it nowhere else.
const BackgroundLog = site.LogDir + "/postmaster.log"

// ErrStillStarting says that the time to wait was over; the postmaster goes on starting.
var ErrStillStarting = errors.New("server did not start in time")

// Launch starts the postmaster in the background and waits until it accepts connections or has failed. The caller has
// refused root already; so does the postmaster.
func Launch(o Options, timeout time.Duration) (*Announcement, error) {
	if o.Executable == "" {
		o.Executable = "/proc/self/exe"
	}
	logPath := filepath.Join(o.Dir, BackgroundLog)
	if err := os.Mkdir(filepath.Dir(logPath), 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("make log directory: %w", err)
	}
	logFile, err := os.OpenFile(logPath, os.O_WRONLY|os.O_CREATE|os.O_APPEND|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	defer logFile.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	args := []string{"pgd", handoff.ArgPostmaster, "--dir", o.Dir, "--name", o.Name}
	for _, s := range o.Settings {
		args = append(args, "--set", s.Name+"="+s.Value)
	}
	proc, err := os.StartProcess(o.Executable, append(args, o.ChildArgs...), &os.ProcAttr{
		Dir: "/", Env: o.childEnv(), Files: []*os.File{null, logFile, logFile, w}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	w.Close()
	if err != nil {
		return nil, fmt.Errorf("start postmaster: %w", err)
	}
	defer proc.Release()
	if timeout > 0 {
		_ = r.SetReadDeadline(time.Now().Add(timeout))
	}
	line, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line, err = line[:i], nil
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, ErrStillStarting
	}
	var out outcome
	if err != nil || json.Unmarshal(line, &out) != nil || out.Ready == nil && out.Error == "" {
		return nil, &StartError{"the postmaster ended while it started", "See its log: " + logPath, 1}
	}
	if out.Ready == nil {
		return nil, &StartError{out.Error, out.Hint, out.Status}
	}
	return out.Ready, nil
}

// childEnv is never nil: nil would mean this process's environment.
func (o Options) childEnv() []string {
	if o.ChildEnv == nil {
		return []string{}
	}
	return o.ChildEnv
}
