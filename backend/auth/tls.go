package auth

import (
	"crypto"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"

	"pgd/daemon/handoff"
)

// signer is the server's private key as a backend has it: every signature is asked for, and the key is never here.
type signer struct {
	keeper Keeper
	public crypto.PublicKey
}

func (s signer) Public() crypto.PublicKey { return s.public }

func (s signer) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	_, pss := opts.(*rsa.PSSOptions)
	var a handoff.TLSSignature
	_, err := s.keeper.Ask(handoff.AskTLSSign, 0, handoff.TLSSign{Digest: digest, Hash: uint(opts.HashFunc()), PSS: pss}, &a)
	return a.Signature, err
}

// TLSConfig asks the keeper what a handshake needs; nil where TLS is off.
func TLSConfig(k Keeper) (*tls.Config, error) {
	var c handoff.TLSConfig
	if _, err := k.Ask(handoff.AskTLSConfig, 0, nil, &c); err != nil || !c.Enabled {
		return nil, err
	}
	if len(c.Chain) == 0 {
		return nil, errors.New("the keeper has no certificate")
	}
	leaf, err := x509.ParseCertificate(c.Chain[0])
	if err != nil {
		return nil, err
	}
	conf := &tls.Config{
		Certificates: []tls.Certificate{{Certificate: c.Chain, Leaf: leaf, PrivateKey: signer{k, leaf.PublicKey}}},
		MinVersion:   max(c.MinVersion, tls.VersionTLS12),
		MaxVersion:   c.MaxVersion,
		NextProtos:   []string{"postgresql"},
		// Every connection is another process: a ticket would never be of use.
		SessionTicketsDisabled: true,
	}
	if c.RequestClient {
		// The keeper judges the certificate; here the client only proves that it has the key.
		conf.ClientAuth = tls.RequestClientCert
		conf.ClientCAs = x509.NewCertPool()
		for _, der := range c.ClientCAs {
			if ca, err := x509.ParseCertificate(der); err == nil {
				conf.ClientCAs.AddCert(ca)
			}
		}
	}
	return conf, nil
}

// Handshake does the server's side. The connection's deadline bounds it.
func Handshake(conn net.Conn, conf *tls.Config) (*tls.Conn, *handoff.TLSState, error) {
	t := tls.Server(conn, conf)
	if err := t.Handshake(); err != nil {
		return nil, nil, err
	}
	s := t.ConnectionState()
	state := &handoff.TLSState{Version: versionName(s.Version), Cipher: tls.CipherSuiteName(s.CipherSuite)}
	for _, c := range s.PeerCertificates {
		state.ClientChain = append(state.ClientChain, c.Raw)
	}
	return t, state, nil
}

// versionName is how PostgreSQL writes a version.
func versionName(v uint16) string {
	switch v {
	case tls.VersionTLS12:
		return "TLSv1.2"
	case tls.VersionTLS13:
		return "TLSv1.3"
	}
	return tls.VersionName(v)
}
