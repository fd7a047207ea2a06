package keeper

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	_ "crypto/sha512" // for signatures and channel binding

	"golang.org/x/sys/unix"

	"pgd/daemon/handoff"
	"pgd/install/settings"
	"pgd/install/site"
)

// tlsMaterial is the server's certificate and key, and whose client certificates it trusts. With ssl = off it is empty.
type tlsMaterial struct {
	chain    [][]byte
	key      crypto.Signer
	binding  []byte // tls-server-end-point of RFC 5929
	roots    *x509.CertPool
	hints    [][]byte        // certificates of the authorities, for the client to choose by
	crl      map[string]bool // revoked: issuer and serial number
	min, max uint16
}

var tlsVersions = map[string]uint16{"TLSv1.2": tls.VersionTLS12, "TLSv1.3": tls.VersionTLS13}

func (m *tlsMaterial) enabled() bool { return m != nil && m.key != nil }

func loadTLS(dir site.Dir, v *settings.Values) (*tlsMaterial, error) {
	m := &tlsMaterial{}
	if !v.Bool("ssl") {
		return m, nil
	}
	path := func(name string) string {
		if f := v.Get(name); f == "" || filepath.IsAbs(f) {
			return f
		} else {
			return dir.Path(f)
		}
	}
	m.min = tls.VersionTLS12
	if lowest := v.Get("ssl_min_protocol_version"); lowest != "" {
		if m.min = tlsVersions[lowest]; m.min == 0 {
			return nil, fmt.Errorf(`ssl_min_protocol_version "%s" is not supported: the oldest version allowed is TLSv1.2`, lowest)
		}
	}
	if newest := v.Get("ssl_max_protocol_version"); newest != "" {
		if m.max = tlsVersions[newest]; m.max == 0 || m.max < m.min {
			return nil, fmt.Errorf("could not set SSL protocol version range: ssl_min_protocol_version cannot be higher than ssl_max_protocol_version")
		}
	}
	certFile, keyFile := path("ssl_cert_file"), path("ssl_key_file")
	certPEM, err := os.ReadFile(certFile)
	if err != nil {
		return nil, fmt.Errorf(`could not load server certificate file "%s": %w`, certFile, err)
	}
	keyPEM, err := readKey(keyFile)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, fmt.Errorf(`could not load server certificate file "%s" and private key file "%s": %w`, certFile, keyFile, err)
	}
	m.chain = pair.Certificate
	var ok bool
	if m.key, ok = pair.PrivateKey.(crypto.Signer); !ok {
		return nil, fmt.Errorf(`private key file "%s" has a key that cannot sign`, keyFile)
	}
	leaf, err := x509.ParseCertificate(m.chain[0])
	if err != nil {
		return nil, fmt.Errorf(`could not load server certificate file "%s": %w`, certFile, err)
	}
	m.binding = endPoint(leaf)
	if ca := path("ssl_ca_file"); ca != "" {
		if err := m.loadRoots(ca); err != nil {
			return nil, err
		}
	}
	if crl := path("ssl_crl_file"); crl != "" {
		if err := m.loadCRL(crl); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// readKey reads the private key under PostgreSQL's rule: a regular file, the superuser's with mode 0600 or less, or root's
// with 0640 or less.
func readKey(path string) ([]byte, error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return nil, fmt.Errorf(`could not access private key file "%s": %w`, path, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return nil, fmt.Errorf(`private key file "%s" is not a regular file`, path)
	}
	mode := st.Mode & 0o7777
	switch int(st.Uid) {
	case 0:
		if mode&0o027 != 0 {
			return nil, keyMode(path, mode)
		}
	case os.Geteuid():
		if mode&0o077 != 0 {
			return nil, keyMode(path, mode)
		}
	default:
		return nil, fmt.Errorf(`private key file "%s" must be owned by the database user or root (it belongs to uid %d)`, path, st.Uid)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf(`could not load private key file "%s": %w`, path, err)
	}
	return b, nil
}

func keyMode(path string, mode uint32) error {
	return fmt.Errorf(`private key file "%s" has group or world access: mode is %#o; it must be 0600 or less if owned by the database user, 0640 or less if owned by root`, path, mode)
}

// maxHints bounds what the client is told of the authorities: it must fit into one message, and no client needs it.
const maxHints = 16 << 10

func (m *tlsMaterial) loadRoots(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf(`could not load root certificate file "%s": %w`, path, err)
	}
	m.roots = x509.NewCertPool()
	n, size := 0, 0
	for {
		var block *pem.Block
		if block, b = pem.Decode(b); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf(`could not load root certificate file "%s": %w`, path, err)
		}
		m.roots.AddCert(cert)
		if size += len(cert.Raw); size <= maxHints {
			m.hints = append(m.hints, cert.Raw)
		}
		n++
	}
	if n == 0 {
		return fmt.Errorf(`could not load root certificate file "%s": no certificate found`, path)
	}
	return nil
}

func (m *tlsMaterial) loadCRL(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf(`could not load SSL certificate revocation list file "%s": %w`, path, err)
	}
	m.crl = map[string]bool{}
	for n := 0; ; n++ {
		var block *pem.Block
		if block, b = pem.Decode(b); block == nil {
			if n == 0 {
				return fmt.Errorf(`could not load SSL certificate revocation list file "%s": no list found`, path)
			}
			return nil
		}
		list, err := x509.ParseRevocationList(block.Bytes)
		if err != nil {
			return fmt.Errorf(`could not load SSL certificate revocation list file "%s": %w`, path, err)
		}
		for _, e := range list.RevokedCertificateEntries {
			m.crl[string(list.RawIssuer)+e.SerialNumber.String()] = true
		}
	}
}

// endPoint is the hash of the certificate that channel binding uses: that of its signature, SHA-256 where that is MD5 or SHA-1.
func endPoint(c *x509.Certificate) []byte {
	switch c.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		return digest(crypto.SHA384, c.Raw)
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		return digest(crypto.SHA512, c.Raw)
	case x509.PureEd25519:
		return nil // RFC 5929 has no answer for signatures without a hash: no channel binding is offered
	}
	sum := sha256.Sum256(c.Raw)
	return sum[:]
}

func digest(h crypto.Hash, b []byte) []byte {
	x := h.New()
	x.Write(b)
	return x.Sum(nil)
}

// verifyClient checks a client's certificate against ssl_ca_file and gives it.
func (m *tlsMaterial) verifyClient(chain [][]byte) (*x509.Certificate, error) {
	if len(chain) == 0 {
		return nil, nil
	}
	if m.roots == nil {
		return nil, errors.New("no root certificates")
	}
	var leaf *x509.Certificate
	between := x509.NewCertPool()
	for i, der := range chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			leaf = c
		} else {
			between.AddCert(c)
		}
	}
	paths, err := leaf.Verify(x509.VerifyOptions{Roots: m.roots, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	if err != nil {
		return nil, err
	}
	for _, c := range paths[0] {
		if m.crl[string(c.RawIssuer)+c.SerialNumber.String()] {
			return nil, errors.New("certificate revoked")
		}
	}
	return leaf, nil
}

// handleTLSConfig gives what a handshake needs but the key.
func handleTLSConfig(c *channel, _ *struct{}) (any, error) {
	m := c.k.config.Load().tls
	// The same material must sign later, whatever is reloaded meanwhile.
	c.tls = m
	if !m.enabled() {
		return handoff.TLSConfig{}, nil
	}
	return handoff.TLSConfig{Enabled: true, Chain: m.chain, MinVersion: m.min, MaxVersion: m.max,
		RequestClient: m.roots != nil, ClientCAs: m.hints}, nil
}

var errNoTLS = errors.New("no TLS handshake is under way")

// handleTLSSign signs one digest for this connection's handshake.
func handleTLSSign(c *channel, q *handoff.TLSSign) (any, error) {
	if !c.tls.enabled() {
		return nil, errNoTLS
	}
	hash := crypto.Hash(q.Hash)
	if hash != 0 && (!hash.Available() || hash.Size() != len(q.Digest)) {
		return nil, errNoTLS
	}
	var opts crypto.SignerOpts = hash
	if _, isRSA := c.tls.key.(*rsa.PrivateKey); isRSA {
		if hash == 0 {
			return nil, errNoTLS
		}
		if q.PSS {
			opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash}
		}
	}
	sig, err := c.tls.key.Sign(rand.Reader, q.Digest, opts)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return handoff.TLSSignature{Signature: sig}, nil
}
