package keeper

import (
	"strings"
	"time"

	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
)

// clearPassword is the method password: the client sends it as it is.
type clearPassword struct {
	verifier verifier
	doomed   string
}

func (p *clearPassword) step(data []byte) ([]handoff.AuthRequest, bool, error) {
	text, ok := strings.CutSuffix(string(data), "\x00")
	if !ok || strings.IndexByte(text, 0) >= 0 {
		return nil, false, pgerr.Fatal(pgerr.ProtocolViolation, "invalid password packet size")
	}
	if text == "" {
		return nil, false, pgerr.Fatal(pgerr.InvalidPassword, "empty password returned by client")
	}
	// The work is done even where it cannot help, so that time tells nothing.
	if !p.verifier.matches(text) || p.doomed != "" {
		return nil, false, errPassword(p.doomed)
	}
	return nil, true, nil
}

// passwordOf finds what a user's password is checked against. doomed says why none will do, in the words of PostgreSQL's log.
func (k *Keeper) passwordOf(r *roster, user string, now time.Time) (v verifier, doomed string) {
	x := r.byName[user]
	switch {
	case x == nil:
		return mockVerifier(user, k.mockNonce), `Role "` + user + `" does not exist.`
	case x.verifier == "":
		return mockVerifier(user, k.mockNonce), `User "` + user + `" has no password assigned.`
	case x.validUntil != nil && *x.validUntil < now.UnixMicro():
		return mockVerifier(user, k.mockNonce), `User "` + user + `" has an expired password.`
	}
	v, err := parseVerifier(x.verifier)
	if err != nil {
		return mockVerifier(user, k.mockNonce), `User "` + user + `" has a password that cannot be used: its stored form is damaged.`
	}
	return v, ""
}
