// Package auth relays the authentication exchange between a client and the keeper. It owns the messages' framing and the TLS handshake;
// it never sees a verifier, the private key or the rules, and it decides nothing: who a session is, is the keeper's answer.
//
// It fails with the FATAL *pgerr.Error to be sent to the client, or with the connection's error.
package auth

import (
	"errors"
	"io"

	"pgd/backend/pgerr"
	"pgd/backend/wire"
	"pgd/daemon/handoff"
)

// Keeper is the channel; package keeperclient has it.
type Keeper interface {
	Ask(kind string, as uint32, body, into any) ([]*pgerr.Error, error)
}

// ErrGone is the error for a client that left in the middle of the exchange, as those do who only find out here that a
// password is needed.
var ErrGone = errors.New("client left during authentication")

// Confine is called once, with the OID of the database's directory (0 where there is none), before another byte of the client's
// is read.
type Confine func(databaseOID uint32) error

// Authenticate runs the exchange to its end; AuthenticationOk waits in the writer.
func Authenticate(k Keeper, q handoff.Startup, r *wire.Reader, w *wire.Writer, confine Confine) (*handoff.Identity, error) {
	var a handoff.StartupAnswer
	if _, err := k.Ask(handoff.AskStartup, 0, q, &a); err != nil {
		return nil, err
	}
	if err := confine(a.DatabaseOID); err != nil {
		return nil, err
	}
	step := a.Step
	for {
		for _, m := range step.Requests {
			w.Begin(wire.OutAuthentication)
			w.Int32(m.Code)
			w.Buf = append(w.Buf, m.Data...)
			w.End()
		}
		if step.Done != nil || step.Refused != nil {
			w.AuthenticationOk()
			if f := step.Refused; f != nil {
				return nil, errors.Join(w.Flush(), &pgerr.Error{Severity: f.Severity, Code: f.Code, Message: f.Message, Detail: f.Detail, Hint: f.Hint})
			}
			return step.Done, nil
		}
		if err := w.Flush(); err != nil {
			return nil, err
		}
		kind, body, err := r.Next(&anyKind)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil, ErrGone
		case pgerr.Code(err) == pgerr.ProtocolViolation:
			// A length beyond the limit: PostgreSQL takes it for the client's end, which fails SASL and leaves a password unanswered.
			if awaited(step.Requests) == "SASL" {
				return nil, pgerr.Fatal(pgerr.InvalidPassword, `password authentication failed for user "%s"`, q.User).WithCause(err)
			}
			return nil, ErrGone
		case err != nil:
			return nil, err
		case kind != wire.MsgPassword:
			return nil, pgerr.Fatal(pgerr.ProtocolViolation, "expected %s response, got message type %d", awaited(step.Requests), kind)
		}
		step = handoff.AuthStep{}
		if _, err := k.Ask(handoff.AskAuth, 0, handoff.AuthData{Data: body}, &step); err != nil {
			return nil, err
		}
	}
}

// maxAnswer is the longest answer taken: in base64 it must be within what the keeper takes.
const maxAnswer = 32 << 10

// anyKind lets every kind of message through, so that the wrong one can be named in PostgreSQL's words.
var anyKind wire.Limits

func init() {
	for i := range anyKind {
		anyKind[i] = maxAnswer
	}
}

// awaited names the answer that the last request wants: codes 10 and 11 are SASL's.
func awaited(asked []handoff.AuthRequest) string {
	if n := len(asked); n > 0 && (asked[n-1].Code == 10 || asked[n-1].Code == 11) {
		return "SASL"
	}
	return "password"
}
