package hba

import (
	"fmt"
	"regexp"
	"strings"
)

// Load reads pg_hba.conf and what it includes. With any problem there are no rules.
func Load(path string) (*Rules, []Problem) { return newLoader().rules(path) }

func (l *loader) rules(path string) (*Rules, []Problem) {
	l.file(path, path, 0, 0)
	r := &Rules{File: path}
	for _, ln := range l.lines {
		rule, reason, hint := parseRule(ln)
		if reason != "" {
			l.problem(ln.file, ln.number, reason, hint)
			continue
		}
		rule.File, rule.Line, rule.Number = ln.file, ln.number, len(r.Lines)+1
		r.Lines = append(r.Lines, rule)
	}
	if len(l.problems) == 0 && len(r.Lines) == 0 {
		// A file that lets nobody in is never meant.
		l.problem(path, 0, "configuration file contains no entries", "")
	}
	if len(l.problems) > 0 {
		return nil, l.problems
	}
	return r, nil
}

// parseRule reads one line: type, databases, users, address (and mask), method, options.
func parseRule(ln line) (r *Rule, reason, hint string) {
	f := ln.fields
	r = &Rule{}
	if len(f[0]) > 1 {
		return nil, "multiple values specified for connection type", "Specify exactly one connection type per line."
	}
	switch word := f[0][0].Text; word {
	case "local":
		r.Type = Local
	case "host":
		r.Type = Host
	case "hostssl":
		r.Type = HostSSL
	case "hostnossl":
		r.Type = HostNoSSL
	case "hostnogssenc":
		r.Type = HostNoGSSEnc
	case "hostgssenc":
		return nil, "hostgssenc record cannot match because GSSAPI is not supported by this build", ""
	default:
		return nil, fmt.Sprintf(`invalid connection type "%s"`, word), ""
	}
	f = f[1:]
	if len(f) == 0 {
		return nil, "end-of-line before database specification", ""
	}
	if r.Databases, reason = names(f[0]); reason != "" {
		return nil, reason, ""
	}
	f = f[1:]
	if len(f) == 0 {
		return nil, "end-of-line before role specification", ""
	}
	if r.Users, reason = names(f[0]); reason != "" {
		return nil, reason, ""
	}
	f = f[1:]
	if r.Type != Local {
		var used int
		if r.Address, used, reason, hint = parseAddress(f); reason != "" {
			return nil, reason, hint
		}
		f = f[used:]
	}
	if len(f) == 0 {
		return nil, "end-of-line before authentication method", ""
	}
	if len(f[0]) > 1 {
		return nil, "multiple values specified for authentication type", "Specify exactly one authentication type per line."
	}
	method := f[0][0].Text
	if method == "ident" && r.Type == Local {
		method = "peer" // as PostgreSQL reads it since peer has a name of its own
	}
	supported, known := methods[method]
	switch {
	case !known:
		return nil, fmt.Sprintf(`invalid authentication method "%s"`, method), ""
	case !supported:
		return nil, fmt.Sprintf(`invalid authentication method "%s": not supported by this build`, method), ""
	}
	r.Method = Method(method)
	if r.Method == Peer && r.Type != Local {
		return nil, "peer authentication is only supported on local sockets", ""
	}
	if r.Method == Cert {
		if r.Type != HostSSL {
			return nil, "cert authentication is only supported on hostssl connections", ""
		}
		r.Cert = CertVerifyFull
	}
	for _, words := range f[1:] {
		for _, w := range words {
			if reason = r.option(w.Text); reason != "" {
				return nil, reason, ""
			}
		}
	}
	return r, "", ""
}

// names compiles the regular expressions among database or role names.
func names(words []Token) ([]Token, string) {
	out := make([]Token, len(words))
	for i, w := range words {
		if !w.Quoted && len(w.Text) > 1 && w.Text[0] == '/' {
			re, err := regexp.Compile(w.Text[1:])
			if err != nil {
				return nil, fmt.Sprintf(`invalid regular expression "%s": %s`, w.Text[1:], regexpCause(err))
			}
			w.re = re
		}
		out[i] = w
	}
	return out, ""
}

func regexpCause(err error) string {
	return strings.TrimPrefix(err.Error(), "error parsing regexp: ")
}

func (r *Rule) option(text string) string {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Sprintf("authentication option not in name=value format: %s", text)
	}
	switch name {
	case "map":
		if r.Method != Peer && r.Method != Cert {
			return `authentication option "map" is only valid for authentication methods ident, peer, gssapi, sspi, and cert`
		}
		r.Map = value
	case "clientcert":
		if r.Type != HostSSL {
			return `clientcert can only be configured for "hostssl" rows`
		}
		switch value {
		case "verify-full":
			r.Cert = CertVerifyFull
		case "verify-ca":
			if r.Method == Cert {
				return `clientcert can only be set to "verify-full" when using "cert" authentication`
			}
			r.Cert = CertVerifyCA
		default:
			return fmt.Sprintf(`invalid value for clientcert: "%s"`, value)
		}
	case "clientname":
		if r.Type != HostSSL {
			return `clientname can only be configured for "hostssl" rows`
		}
		switch value {
		case "CN":
			r.CertDN = false
		case "DN":
			r.CertDN = true
		default:
			return fmt.Sprintf(`invalid value for clientname: "%s"`, value)
		}
	default:
		return fmt.Sprintf(`unrecognized authentication option name: "%s"`, name)
	}
	r.Options = append(r.Options, Option{name, value})
	return ""
}
