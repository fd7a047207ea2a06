package daemon

import (
	"fmt"

	"pgd/daemon/children"
	"pgd/daemon/handoff"
	"pgd/daemon/logging"
	"pgd/install/settings"
	"pgd/install/site"
)

// reload reads the configuration again. A file with an error changes nothing at all: the site goes on as it was, and the log
// says why.
func (p *postmaster) reload(why string) {
	if p.phase == phaseStopping {
		return
	}
	p.log.Infof("received %s, reloading configuration files", why)
	read, problems := settings.Load(p.dir.Path(site.ConfigFile), p.dir.Path(site.AutoConfigFile), p.commandLine)
	if len(problems) > 0 {
		for _, q := range problems {
			e := p.log.WithField(logging.FieldHint, q.Hint).WithField(logging.FieldDetail, q.Detail)
			logging.Severe(e, "LOG", q.String())
		}
		logging.Severe(p.log.WithFields(nil), "LOG", fmt.Sprintf(`configuration file "%s" contains errors; no changes were applied`, p.dir.Path(site.ConfigFile)))
		return
	}
	next, pending := p.values.Reload(read)
	for _, name := range pending {
		p.log.Infof(`parameter "%s" cannot be changed without restarting the server`, name)
	}
	for _, name := range p.values.Changed(next) {
		value := next.Get(name)
		if s := settings.Find(name); s != nil {
			value = s.Show(value)
		}
		p.log.Infof(`parameter "%s" changed to "%s"`, name, value)
	}
	p.values = next
	p.generation++
	p.log.Configure(next)
	p.openLog(true)
	for _, c := range p.table.All() {
		p.links[c.PID].send(&handoff.Control{Kind: handoff.ControlSettings, Settings: p.start(c.Kind)}, nil)
	}
}

// reloaded is the keeper's answer: HBA file, maps and TLS material are taken over, or kept as they were.
func (p *postmaster) reloaded(_ *children.Child, r *handoff.Report) {
	if r.Error != "" {
		logging.Severe(p.log.WithFields(nil), "LOG", r.Error)
	}
}
