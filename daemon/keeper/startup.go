package keeper

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"os/user"
	"strconv"
	"time"

	"github.com/sirupsen/logrus"

	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
	"pgd/daemon/keeper/hba"
	"pgd/daemon/logging"
)

// clientWait is how long a startup waits for the postmaster's word about the client, which travels on another channel.
const clientWait = 10 * time.Second

// handleStartup decides how this client must prove who it is, by pg_hba.conf, and takes the first step.
func handleStartup(c *channel, q *handoff.Startup) (any, error) {
	select {
	case <-c.known:
	case <-time.After(clientWait):
		return nil, fmt.Errorf("%w: startup without a client", errForbidden)
	}
	if q.User == "" || len(q.User) > 63 || len(q.Database) > 63 {
		return nil, fmt.Errorf("%w: names", errForbidden)
	}
	c.startup = *q
	c.log = c.log.WithFields(logrus.Fields{logging.FieldUser: q.User, logging.FieldDatabase: q.Database, logging.FieldClient: c.clientName()})
	conf, r := c.k.config.Load(), c.k.current()
	if c.tls == nil {
		c.tls = conf.tls
	}
	conn := &hba.Conn{Local: c.client.Local, TLS: q.TLS != nil, Remote: c.remote(), Database: q.Database, User: q.User,
		Replication: q.Replication, MemberOf: r.memberNamed, Network: c.k.network}
	c.rule = conf.rules.Find(conn)
	answer := handoff.StartupAnswer{}
	if d := r.dbByName[q.Database]; d != nil {
		answer.DatabaseOID = d.oid
	}
	step, err := c.begin(conf, r)
	if err != nil {
		return nil, c.refuse(err)
	}
	answer.Step = *step
	return answer, nil
}

func (c *channel) clientName() string {
	if c.client.Local {
		return "[local]"
	}
	return c.client.Remote
}

func (c *channel) remote() netip.Addr {
	if ap, err := netip.ParseAddrPort(c.client.Remote); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	return netip.Addr{}
}

// from names the client as PostgreSQL's messages do.
func (c *channel) from() (host, encryption string) {
	host, encryption = "[local]", "no encryption"
	if !c.client.Local {
		host = c.remote().String()
	}
	if c.startup.TLS != nil {
		encryption = "SSL encryption"
	}
	return host, encryption
}

// begin takes the first step of the method of the rule that matched.
func (c *channel) begin(conf *config, r *roster) (*handoff.AuthStep, error) {
	host, encryption := c.from()
	q := &c.startup
	if c.rule == nil {
		return nil, pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, `no pg_hba.conf entry for host "%s", user "%s", database "%s", %s`,
			host, q.User, q.Database, encryption)
	}
	if c.rule.Cert != hba.CertNone {
		if cert, err := c.certificate(); err != nil {
			return nil, err
		} else if cert == nil {
			return nil, pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, "connection requires a valid client certificate")
		}
	}
	switch c.rule.Method {
	case hba.Reject:
		return nil, pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, `pg_hba.conf rejects connection for host "%s", user "%s", database "%s", %s`,
			host, q.User, q.Database, encryption)
	case hba.Trust:
		return c.finish("")
	case hba.Peer:
		name, err := c.k.systemUser(c.client.PeerUID)
		if err != nil {
			c.log.Errorf("could not look up local user ID %d: %v", c.client.PeerUID, err)
			return nil, c.denied("Peer")
		}
		if !c.mapped(conf, r, name) {
			return nil, c.denied("Peer")
		}
		return c.finish(name)
	case hba.Cert:
		return c.finish("")
	}
	verifier, doomed := c.k.passwordOf(r, q.User, c.k.now())
	if c.rule.Method == hba.Password {
		c.exchange = &clearPassword{verifier: verifier, doomed: doomed}
		c.state = stateExchange
		return &handoff.AuthStep{Requests: []handoff.AuthRequest{{Code: authCleartext}}}, nil
	}
	s := &scramServer{verifier: verifier, doomed: doomed}
	if q.TLS != nil && c.tls != nil {
		s.binding = c.tls.binding
	}
	c.exchange = s
	c.state = stateExchange
	return &handoff.AuthStep{Requests: []handoff.AuthRequest{s.offer()}}, nil
}

// systemUser gives the name of an operating system user; one without a name is its number.
func (k *Keeper) systemUser(uid uint32) (string, error) {
	u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10))
	var unknown user.UnknownUserIdError
	if errors.As(err, &unknown) {
		return "", fmt.Errorf("user does not exist (peer credentials are those seen from this process's user namespace)")
	}
	if err != nil {
		return "", err
	}
	return u.Username, nil
}

// mapped asks pg_ident.conf, and logs a refusal.
func (c *channel) mapped(conf *config, r *roster, system string) bool {
	_, ok, why := conf.maps.Allowed(c.rule.Map, system, c.startup.User, r.memberNamed)
	if !ok {
		c.log.WithField("system_user", system).Info(why)
	}
	return ok
}

// certificate verifies the client's certificate; nil for none.
func (c *channel) certificate() (*x509.Certificate, error) {
	if c.startup.TLS == nil || c.tls == nil {
		return nil, nil
	}
	cert, err := c.tls.verifyClient(c.startup.TLS.ClientChain)
	if err != nil {
		c.log.Infof("client certificate is not valid: %v", err)
		return nil, nil
	}
	return cert, nil
}

// certMatches checks the name in the certificate: it must be the role's, or map to it.
func (c *channel) certMatches(conf *config, r *roster) (string, error) {
	cert, err := c.certificate()
	if err != nil || cert == nil {
		return "", c.denied("certificate")
	}
	name, field := cert.Subject.CommonName, "CN"
	if c.rule.CertDN {
		name, field = cert.Subject.String(), "DN"
	}
	if name == "" {
		c.log.Infof(`certificate authentication failed for user "%s": client certificate contains no user name`, c.startup.User)
		return "", c.denied("certificate")
	}
	if !c.mapped(conf, r, name) {
		if c.rule.Method != hba.Cert {
			c.log.Infof(`certificate validation (clientcert=verify-full) failed for user "%s": %s mismatch`, c.startup.User, field)
		}
		return "", c.denied("certificate")
	}
	return name, nil
}

// denied is the refusal after a method said no, in PostgreSQL's words for each.
func (c *channel) denied(method string) error {
	return pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, `%s authentication failed for user "%s"`, method, c.startup.User)
}

// refuse ends the exchange: the client gets the error, the log gets the reason and the line that decided.
func (c *channel) refuse(err error) error {
	c.state = stateOver
	c.exchange = nil
	detail := ""
	var password errPassword
	if errors.As(err, &password) {
		detail = string(password)
		err = pgerr.Fatal(pgerr.InvalidPassword, `password authentication failed for user "%s"`, c.startup.User)
	}
	e := pgerr.From(err)
	if e.Code == pgerr.InternalError {
		return err
	}
	entry := c.log.WithField(logging.FieldSQLState, e.Code)
	if c.rule != nil {
		if detail != "" {
			detail += " "
		}
		detail += fmt.Sprintf(`Connection matched %s: "%s"`, c.rule.Place(), c.rule)
	}
	if e.Detail != "" {
		entry = entry.WithField("reason", e.Detail)
	}
	if detail != "" {
		entry = entry.WithField(logging.FieldDetail, detail)
	}
	entry.Info(e.Message)
	return e
}

// handleAuth takes the next step of the exchange.
func handleAuth(c *channel, q *handoff.AuthData) (any, error) {
	requests, done, err := c.exchange.step(q.Data)
	if err != nil {
		return nil, c.refuse(err)
	}
	step := &handoff.AuthStep{}
	if done {
		if step, err = c.finish(""); err != nil {
			return nil, c.refuse(err)
		}
	}
	step.Requests = append(requests, step.Requests...)
	return step, nil
}
