package keeper

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"

	"pgd/daemon/handoff"
	"pgd/daemon/keeper/hba"
	"pgd/install/settings"
	"pgd/install/site"
)

// CopyDatabase makes a consistent, synced copy of a database's directory; cmd/pgd sets it to the storage's.
var CopyDatabase func(from, to string) error

// Keeper is the state of the process.
type Keeper struct {
	dir   site.Dir
	log   *logrus.Entry
	turn  turn
	store *store // by the holder of the turn only
	// CopyDatabase is the variable of that name when the keeper was made.
	copyDatabase func(from, to string) error
	// report tells the postmaster.
	report    func(handoff.Report) error
	mockNonce []byte
	network   hba.Network // nil: the host's
	now       func() time.Time
	turnWait  time.Duration
	leaveWait time.Duration

	roster atomic.Pointer[roster]
	config atomic.Pointer[config]

	mu       sync.Mutex
	channels map[int32]*channel
	dropping map[uint32]bool // databases on their way out: nobody may come in
}

// config is what the configuration files say, replaced as a whole.
type config struct {
	values *settings.Values
	rules  *hba.Rules
	maps   *hba.Maps
	tls    *tlsMaterial
}

// open makes a keeper of a site's files. values are the resolved settings.
func open(dir site.Dir, values *settings.Values, log *logrus.Entry) (*Keeper, error) {
	k := &Keeper{dir: dir, log: log, turn: newTurn(), copyDatabase: CopyDatabase, now: time.Now, turnWait: turnWait, leaveWait: leaveWait,
		channels: map[int32]*channel{}, dropping: map[uint32]bool{},
		report: func(handoff.Report) error { return nil }}
	c, problems := k.load(values)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	k.config.Store(c)
	var err error
	if k.store, err = openStore(dir); err != nil {
		return nil, err
	}
	if k.mockNonce, err = k.store.secret("mock_authentication_nonce"); err == nil && len(k.mockNonce) == 0 {
		err = fmt.Errorf("%s has no mock authentication nonce", dir.Path(site.SecretsDB))
	}
	if err == nil {
		var r *roster
		if r, err = readRoster(k.store); err == nil {
			k.publish(r)
		}
	}
	if err == nil {
		err = k.sweep()
	}
	if err != nil {
		k.store.close()
		return nil, err
	}
	return k, nil
}

func (k *Keeper) close() { k.store.close() }

func (k *Keeper) current() *roster  { return k.roster.Load() }
func (k *Keeper) publish(r *roster) { k.roster.Store(r) }

// load reads what the settings name: HBA file, ident file, TLS material.
func (k *Keeper) load(values *settings.Values) (*config, []string) {
	c := &config{values: values}
	var problems []hba.Problem
	c.rules, problems = hba.Load(k.configured(values, "hba_file", site.HBAFile))
	more := []hba.Problem(nil)
	c.maps, more = hba.LoadMaps(k.configured(values, "ident_file", site.IdentFile))
	var texts []string
	for _, p := range append(problems, more...) {
		texts = append(texts, p.Error())
	}
	var err error
	if c.tls, err = loadTLS(k.dir, values); err != nil {
		texts = append(texts, err.Error())
	}
	if c.rules != nil && c.tls != nil {
		for _, r := range c.rules.Lines {
			switch {
			case !c.tls.enabled() && r.Type == hba.HostSSL:
				k.log.Warnf("%s:%d: hostssl record cannot match because SSL is disabled", r.File, r.Line)
			case c.tls.enabled() && r.Cert != hba.CertNone && c.tls.roots == nil:
				texts = append(texts, fmt.Sprintf(`%s:%d: client certificates can only be checked if a root certificate store is available: set "ssl_ca_file"`, r.File, r.Line))
			}
		}
	}
	return c, texts
}

func (k *Keeper) configured(values *settings.Values, name, standard string) string {
	if f := values.Get(name); f != "" {
		if strings.HasPrefix(f, "/") {
			return f
		}
		return k.dir.Path(f)
	}
	return k.dir.Path(standard)
}

// reload takes new settings; what is broken stays as it was, and the log says so. The result is for the postmaster's report.
func (k *Keeper) reload(values *settings.Values) string {
	c, problems := k.load(values)
	old := k.config.Load()
	for _, p := range problems {
		k.log.WithField("sqlstate", "F0000").Errorf("%s", p)
	}
	if c.rules == nil {
		k.log.Errorf("%s was not reloaded", k.configured(values, "hba_file", site.HBAFile))
		c.rules = old.rules
	}
	if c.maps == nil {
		k.log.Errorf("%s was not reloaded", k.configured(values, "ident_file", site.IdentFile))
		c.maps = old.maps
	}
	if c.tls == nil {
		k.log.Error("SSL configuration was not reloaded")
		c.tls = old.tls
	}
	if len(problems) > 0 && c.rules != old.rules && c.maps != old.maps && c.tls != old.tls {
		// A line that needs what is not there: the whole would lock people out that the old one let in.
		c.rules = old.rules
	}
	k.config.Store(c)
	return strings.Join(problems, "\n")
}
