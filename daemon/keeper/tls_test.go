package keeper

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/auth"
	"pgd/backend/keeperclient"
	"pgd/backend/pgerr"
	"pgd/backend/wire"
	"pgd/daemon/handoff"
	"pgd/install/settings"
)

// authority signs certificates for a test.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	next int64
}

func newAuthority(t *testing.T) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{t: t, key: key, next: 1}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	a.cert, _ = x509.ParseCertificate(der)
	return a
}

// issue gives a certificate and its key in PEM.
func (a *authority) issue(name string, useRSA bool) (cert, key []byte) {
	a.next++
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(a.next), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	var public, private any
	if useRSA {
		k, _ := rsa.GenerateKey(rand.Reader, 2048)
		public, private = k.Public(), k
	} else {
		k, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		public, private = k.Public(), k
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, a.cert, public, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		a.t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}

func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// tlsKeeper has a server certificate and listens; a client that is let in gets ReadyForQuery and is then left.
func tlsKeeper(t *testing.T, a *authority, hbaLines string, useRSA bool) (*host, string) {
	t.Helper()
	dir := t.TempDir()
	cert, key := a.issue("localhost", useRSA)
	write(t, filepath.Join(dir, "server.crt"), string(cert))
	write(t, filepath.Join(dir, "server.key"), string(key))
	write(t, filepath.Join(dir, "ca.crt"), string(a.pem()))
	h := keeperFor(t, hbaLines, "ssl", "on", "ssl_cert_file", filepath.Join(dir, "server.crt"),
		"ssl_key_file", filepath.Join(dir, "server.key"), "ssl_ca_file", filepath.Join(dir, "ca.crt"))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			b := h.backend(conn.RemoteAddr().String())
			go greet(conn, keeperclient.New(b.conn))
		}
	}()
	return h, l.Addr().String()
}

// greet is what a backend does, without a session behind it.
func greet(conn net.Conn, k *keeperclient.Client) {
	defer conn.Close()
	var state *handoff.TLSState
	for {
		s, err := wire.ReadStartup(conn)
		if err != nil {
			return
		}
		w := wire.NewWriter(conn)
		switch s.Kind {
		case wire.StartSSL:
			conf, err := auth.TLSConfig(k)
			if err != nil {
				return
			}
			conn.Write([]byte{'S'})
			c, st, err := auth.Handshake(conn, conf)
			if err != nil {
				return
			}
			conn, state = c, st
		case wire.StartGSSENC:
			conn.Write([]byte{'N'})
		case wire.StartSession:
			id, err := auth.Authenticate(k, handoff.Startup{User: s.Params["user"], Database: s.Params["database"], TLS: state},
				wire.NewReader(conn), w, func(uint32) error { return nil })
			if err != nil {
				var e *pgerr.Error
				if errors.As(err, &e) {
					w.Error(e)
					w.Flush()
				}
				return
			}
			w.ParameterStatus("server_version", "15.0")
			w.ParameterStatus("is_superuser", fmt.Sprint(id.Superuser))
			w.ReadyForQuery('I')
			w.Flush()
			wire.NewReader(conn).Next(&wire.SessionLimits)
			return
		default:
			return
		}
	}
}

// Ensure that TLS works with the key in the keeper alone, for both kinds of keys and both versions, and a client of another make.
func TestTLSAndScram(t *testing.T) {
	a := newAuthority(t)
	for _, useRSA := range []bool{false, true} {
		_, addr := tlsKeeper(t, a, "hostssl all all all scram-sha-256\n", useRSA)
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			for password, want := range map[string]string{"sesame": "", "wrong": "28P01"} {
				conf, err := pgconn.ParseConfig("postgres://admin:" + password + "@" + addr + "/postgres?sslmode=require")
				if err != nil {
					t.Fatal(err)
				}
				roots := x509.NewCertPool()
				roots.AddCert(a.cert)
				conf.TLSConfig = &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: version, MaxVersion: version}
				conf.Fallbacks = nil
				ctx, done := context.WithTimeout(context.Background(), 20*time.Second)
				c, err := pgconn.ConnectConfig(ctx, conf)
				done()
				if err == nil {
					c.Close(context.Background())
				}
				var pe *pgconn.PgError
				if errors.As(err, &pe); want == "" && err != nil || want != "" && (pe == nil || pe.Code != want) {
					t.Errorf("RSA %v, version %x, password %s: %v", useRSA, version, password, err)
				}
			}
		}
	}
}

// Ensure that a client certificate is a role's when its name is, or maps to it, and that the refusals are PostgreSQL's.
func TestClientCertificates(t *testing.T) {
	a, stranger := newAuthority(t), newAuthority(t)
	h, addr := tlsKeeper(t, a, "hostssl mapped all all cert map=m\nhostssl verified all all scram-sha-256 clientcert=verify-ca\nhostssl all all all cert\n", false)
	write(t, h.dir.Path("pg_ident.conf"), "m /^(.*)@example$ \\1\n")
	h.reload(h.config.Load().values)
	connect := func(db, name string, by *authority, password string) string {
		conf, err := pgconn.ParseConfig("postgres://admin:" + password + "@" + addr + "/" + db + "?sslmode=require")
		if err != nil {
			t.Fatal(err)
		}
		conf.TLSConfig = &tls.Config{InsecureSkipVerify: true}
		conf.Fallbacks = nil
		if by != nil {
			cert, key := by.issue(name, false)
			pair, err := tls.X509KeyPair(cert, key)
			if err != nil {
				t.Fatal(err)
			}
			conf.TLSConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
		}
		ctx, done := context.WithTimeout(context.Background(), 20*time.Second)
		defer done()
		c, err := pgconn.ConnectConfig(ctx, conf)
		if err == nil {
			c.Close(context.Background())
			return "in"
		}
		var pe *pgconn.PgError
		if errors.As(err, &pe) {
			return pe.Code + " " + pe.Message
		}
		return err.Error()
	}
	missing := "28000 connection requires a valid client certificate"
	failed := `28000 certificate authentication failed for user "admin"`
	for _, c := range []struct {
		db, name string
		by       *authority
		want     string
	}{
		{"postgres", "admin", a, "in"},
		{"postgres", "other", a, failed},
		{"postgres", "", a, failed},
		{"postgres", "admin", stranger, missing},
		{"postgres", "", nil, missing},
		{"mapped", "admin@example", a, `3D000 database "mapped" does not exist`},
		{"mapped", "admin", a, failed},
		{"verified", "anyone", a, `3D000 database "verified" does not exist`},
		{"verified", "", nil, missing},
	} {
		if got := connect(c.db, c.name, c.by, "sesame"); got != c.want {
			t.Errorf("database %s, certificate %q: %s, want %s", c.db, c.name, got, c.want)
		}
	}
}

// Ensure that libpq, which insists on channel binding here, gets in with it.
func TestChannelBindingWithLibpq(t *testing.T) {
	psql, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("psql is not installed")
	}
	_, addr := tlsKeeper(t, newAuthority(t), "hostssl all all all scram-sha-256\n", true)
	_, port, _ := net.SplitHostPort(addr)
	cmd := exec.Command(psql, "-X", "-c", "", "host=127.0.0.1 port="+port+" user=admin dbname=postgres sslmode=require channel_binding=require connect_timeout=10")
	cmd.Env = append(os.Environ(), "PGPASSWORD=sesame", "HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if strings.Contains(string(out), "connection to server at") || strings.Contains(string(out), "channel binding") {
		t.Fatalf("%v: %s", err, out)
	}
}

// Ensure that a TLS setting that cannot be used keeps the site from starting, and a reload from changing anything.
func TestTLSProblems(t *testing.T) {
	a := newAuthority(t)
	h, addr := tlsKeeper(t, a, "hostssl all all all scram-sha-256\n", false)
	v := h.config.Load().values.Clone()
	key := v.Get("ssl_key_file")
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := h.reload(v); !strings.Contains(got, "has group or world access") {
		t.Errorf("reload: %q", got)
	}
	if !h.config.Load().tls.enabled() {
		t.Error("TLS was given up")
	}
	v.Set("ssl_min_protocol_version", "TLSv1", settings.Source{})
	if _, err := open(h.dir, v, h.Keeper.log); err == nil {
		t.Error("started with TLSv1")
	}
	_ = addr
}
