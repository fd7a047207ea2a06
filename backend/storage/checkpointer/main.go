// Package checkpointer is the process that looks after the write-ahead logs of all databases of a site: it moves them into
// the files, keeps them short, syncs what was committed without waiting, and recovers a log whose sync failed once nobody uses it.
// It never talks to a client and never follows a symbolic link. A database it cannot open is logged once and tried again later; no
// database's trouble ends the process or keeps it from the others. It ends when the postmaster says so or is gone.
package checkpointer

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"

	"pgd/daemon/handoff"
	"pgd/daemon/logging"
	"pgd/install/settings"
)

// tick is how often the databases are looked at; PostgreSQL's WAL writer syncs asynchronous commits as often.
const tick = 200 * time.Millisecond

// Main is the process.
func Main() {
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP, syscall.SIGPIPE)
	syscall.Umask(0o077)
	control, err := handoff.Inherited(handoff.FdControl)
	if err != nil {
		fmt.Fprintf(os.Stderr, "pgd: error: the checkpointer is started by the postmaster only: %v\n", err)
		os.Exit(64)
	}
	start, err := control.RecvStart()
	if err != nil {
		os.Exit(1)
	}
	values := settings.FromMaps(start.Settings, start.Sources)
	log := logging.New("checkpointer", values)
	c := New(start.Base, optionsOf(values), logrus.NewEntry(log.Logger))
	if err := control.Send(handoff.Report{Kind: handoff.ReportReady}); err != nil {
		os.Exit(1)
	}
	changed := make(chan *settings.Values, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			m, f, err := control.RecvControl()
			if f != nil {
				f.Close()
			}
			if err != nil {
				return
			}
			if m.Kind == handoff.ControlSettings && m.Settings != nil {
				changed <- settings.FromMaps(m.Settings.Settings, m.Settings.Sources)
			}
		}
	}()
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	ticker := time.NewTicker(tick)
	for {
		select {
		case v := <-changed:
			log.Configure(v)
			c.options = optionsOf(v)
		case <-ticker.C:
			c.Round(time.Now())
		case <-ended:
			c.Finish()
			os.Exit(0)
		case <-terminated:
			c.Finish()
			os.Exit(0)
		}
	}
}

func optionsOf(v *settings.Values) Options {
	return Options{Fsync: v.Bool("fsync"), Timeout: v.Duration("checkpoint_timeout"), MaxLog: v.Bytes("max_wal_size"),
		LogCheckpoints: v.Bool("log_checkpoints")}
}
