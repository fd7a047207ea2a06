package keeper

import (
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"pgd/daemon/keeper/hba"
	"pgd/install/settings"
	"pgd/install/site"
)

// Question is a connection that somebody wonders about.
type Question struct {
	User, Database string
	From           string // an address; "" for the Unix socket
	TLS            bool
	SystemUser     string // operating system user (peer) or name in the certificate (cert); "" where it is not asked
}

// ExplainedRule is one line that was looked at; No is the field that did not match, "" for the line that decides.
type ExplainedRule struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Rule string `json:"rule"`
	No   string `json:"no,omitempty"`
}

// Explanation is which line of pg_hba.conf would decide and why.
type Explanation struct {
	Rules   []ExplainedRule `json:"rules"`
	Decides *ExplainedRule  `json:"decides"`
	Method  string          `json:"method"`            // "reject" too where no line matches
	Message string          `json:"message,omitempty"` // what the client would be told at once
	Map     string          `json:"map,omitempty"`     // what pg_ident.conf says of SystemUser
	Notes   []string        `json:"notes,omitempty"`
}

// Explain answers by a site's files as they are now, whether or not it runs; it changes none of them and takes no lock, so it
// can be asked by anybody who may read them.
func Explain(siteDir string, q Question) (*Explanation, error) {
	dir := site.Dir(siteDir)
	values, problems := settings.Load(dir.Path(site.ConfigFile), dir.Path(site.AutoConfigFile), nil)
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s", problems[0])
	}
	k := &Keeper{dir: dir}
	rules, wrong := hba.Load(k.configured(values, "hba_file", site.HBAFile))
	if len(wrong) > 0 {
		return nil, wrong[0]
	}
	maps, wrong := hba.LoadMaps(k.configured(values, "ident_file", site.IdentFile))
	if len(wrong) > 0 {
		return nil, wrong[0]
	}
	c := &hba.Conn{Local: q.From == "", TLS: q.TLS, Database: q.Database, User: q.User}
	if q.From != "" {
		ip, err := netip.ParseAddr(q.From)
		if err != nil {
			return nil, fmt.Errorf("%q is not an IP address", q.From)
		}
		c.Remote = ip.Unmap()
	}
	e := &Explanation{}
	r, err := peek(dir)
	if err != nil {
		e.Notes = append(e.Notes, fmt.Sprintf("Roles could not be read, so +ROLE and samerole match nobody: %v", err))
		r = &roster{}
	}
	c.MemberOf = r.memberNamed
	e.answer(c, rules, q)
	if d := e.Decides; d != nil {
		rule := rules.Find(c)
		if q.SystemUser != "" && (rule.Method == hba.Peer || rule.Cert == hba.CertVerifyFull) {
			line, ok, why := maps.Allowed(rule.Map, q.SystemUser, q.User, r.memberNamed)
			switch {
			case !ok:
				e.Map = why
			case line != nil:
				e.Map = fmt.Sprintf("%s:%d allows %q to be %q", line.File, line.Line, q.SystemUser, q.User)
			default:
				e.Map = "names are equal"
			}
		}
	}
	if err == nil {
		if r.byName[q.User] == nil {
			e.Notes = append(e.Notes, fmt.Sprintf(`role "%s" does not exist`, q.User))
		}
		if r.dbByName[q.Database] == nil {
			e.Notes = append(e.Notes, fmt.Sprintf(`database "%s" does not exist`, q.Database))
		}
	}
	return e, nil
}

func (e *Explanation) answer(c *hba.Conn, rules *hba.Rules, q Question) {
	e.Method = string(hba.Reject)
	for _, s := range rules.Explain(c) {
		x := ExplainedRule{File: s.Rule.File, Line: s.Rule.Line, Rule: s.Rule.String(), No: string(s.Miss)}
		e.Rules = append(e.Rules, x)
		if s.Miss == hba.MissNone {
			e.Decides = &x
			e.Method = string(s.Rule.Method)
		}
	}
	host, encryption := "[local]", "no encryption"
	if !c.Local {
		host = c.Remote.String()
	}
	if q.TLS {
		encryption = "SSL encryption"
	}
	what := `no pg_hba.conf entry for`
	switch {
	case e.Decides != nil && e.Method != string(hba.Reject):
		return
	case e.Decides != nil:
		what = `pg_hba.conf rejects connection for`
	}
	e.Message = fmt.Sprintf(`%s host "%s", user "%s", database "%s", %s`, what, host, q.User, q.Database, encryption)
}

// peek reads the roles from a copy of the catalog and its log: opening the real one would leave files behind that are not
// the site owner's, when it is root who asks.
func peek(dir site.Dir) (*roster, error) {
	tmp, err := os.MkdirTemp("", "pgd-explain-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	copied := filepath.Join(tmp, "catalog.db")
	// The log first: what a checkpoint moves meanwhile is then in both and not in neither.
	if err := copyFile(dir.Path(site.CatalogDB)+"-wal", copied+"-wal"); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	if err := copyFile(dir.Path(site.CatalogDB), copied); err != nil {
		return nil, err
	}
	db, err := sqlite3.Open(copied)
	if err != nil {
		return nil, err
	}
	s := &store{db: db, stmts: map[string]*sqlite3.Stmt{}}
	defer s.close()
	if err := db.Exec("ATTACH ':memory:' AS secrets; CREATE TABLE secrets.verifier (role INTEGER, verifier TEXT)"); err != nil {
		return nil, err
	}
	return readRoster(s)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
