package keeper

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"github.com/sirupsen/logrus"
	"golang.org/x/sys/unix"

	"pgd/daemon/handoff"
	"pgd/daemon/logging"
	"pgd/install/settings"
	"pgd/install/site"
	"pgd/perms/sandbox"
)

// Main is the process. It ends with status 0 when the postmaster says so or is gone, 1 when it cannot start.
func Main() {
	// Stops are the postmaster's to decide; a terminal's Ctrl-C reaches the whole group.
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP, syscall.SIGPIPE, syscall.SIGUSR1, syscall.SIGUSR2)
	if err := harden(); err != nil {
		fmt.Fprintf(os.Stderr, "pgd: error: keeper: %v\n", err)
		os.Exit(1)
	}
	control, err := handoff.Inherited(handoff.FdControl)
	if err != nil {
		fmt.Fprintf(os.Stderr, "pgd: error: the keeper is started by the postmaster only: %v\n", err)
		os.Exit(64)
	}
	start, err := control.RecvStart()
	if err != nil {
		os.Exit(1)
	}
	values := settings.FromMaps(start.Settings, start.Sources)
	log := logging.New("keeper", values)
	k, err := open(site.Dir(start.Site), values, logrus.NewEntry(log.Logger))
	if err == nil {
		err = confinement(values, log)
	}
	if err != nil {
		_ = control.Send(handoff.Report{Kind: handoff.ReportReady, Error: err.Error()})
		os.Exit(1)
	}
	var sending sync.Mutex
	k.report = func(r handoff.Report) error {
		sending.Lock()
		defer sending.Unlock()
		return control.Send(r)
	}
	if err := k.report(handoff.Report{Kind: handoff.ReportReady}); err != nil {
		os.Exit(1)
	}
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM, syscall.SIGQUIT)
	go func() {
		if <-terminated == syscall.SIGQUIT {
			os.Exit(2)
		}
		control.Close()
	}()
	if err := k.obey(control, log); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
		log.Errorf("control channel: %v", err)
		os.Exit(1)
	}
	// What is not committed is rolled back by the next start: the store's journal says how.
	os.Exit(0)
}

// obey does what the postmaster says until it is gone.
func (k *Keeper) obey(control *handoff.Conn, log *logging.Log) error {
	for {
		m, f, err := control.RecvControl()
		if err != nil {
			return err
		}
		switch m.Kind {
		case handoff.ControlAttach:
			if err := k.attach(m.PID, f); err != nil {
				k.log.WithField("backend", m.PID).Errorf("take channel: %v", err)
			}
		case handoff.ControlClient:
			pid := m.PID
			if pid == 0 {
				pid = m.Client.PID
			}
			k.identify(pid, m.Client)
		case handoff.ControlGone:
			k.gone(m.PID)
		case handoff.ControlSettings:
			values := settings.FromMaps(m.Settings.Settings, m.Settings.Sources)
			log.Configure(values)
			failed := k.reload(values)
			if err := k.report(handoff.Report{Kind: handoff.ReportReloaded, Error: failed}); err != nil {
				return err
			}
		case handoff.ControlLog:
			if err := logging.Redirect(f); err != nil {
				k.log.Errorf("redirect log: %v", err)
			}
		}
	}
}

// harden keeps what is in this process's memory out of files and from other processes of the account.
func harden() error {
	unix.Umask(0o077)
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("limit core files: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid dumps: %w", err)
	}
	return nil
}

// confinement says once per start what a session's sandbox lacks, and refuses to start where it must not lack anything.
func confinement(values *settings.Values, log *logging.Log) error {
	state := sandbox.Probe()
	if len(state.Missing) == 0 || values.Get("sandbox") == "off" {
		return nil
	}
	missing := fmt.Sprintf("the kernel's Landlock (ABI %d) does not confine: %s", state.ABI, strings.Join(state.Missing, ", "))
	if state.ABI == 0 {
		missing = sandbox.ErrUnavailable.Error()
	}
	if values.Get("sandbox") == "required" {
		return errors.New("sandbox is required, but " + missing)
	}
	logging.Severe(logrus.NewEntry(log.Logger), "WARNING", "backends are not fully confined: "+missing)
	return nil
}
