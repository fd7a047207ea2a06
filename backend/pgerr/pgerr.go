// Package pgerr is the leaf every layer of a backend answers with: an error that carries what PostgreSQL's
// ErrorResponse carries. It knows no other package.
package pgerr

import (
	"errors"
	"fmt"
)

// Severity of what is sent to a client.
const (
	SevError   = "ERROR"
	SevFatal   = "FATAL"
	SevPanic   = "PANIC"
	SevWarning = "WARNING"
	SevNotice  = "NOTICE"
	SevDebug   = "DEBUG"
	SevInfo    = "INFO"
	SevLog     = "LOG"
)

// Error is one error or notice. Position counts characters from 1 in the statement as the client sent it; 0 is none.
// Location, used only between analysis and session, is a 0-based byte offset into the query string plus one; 0 is none:
// the session turns it into Position.
type Error struct {
	Severity string // empty means ERROR
	Code     string // SQLSTATE
	Message  string
	Detail   string
	Hint     string

	Position         int32
	Location         int32
	InternalPosition int32
	InternalQuery    string
	Where            string

	Schema, Table, Column, DataType, Constraint string
	File, Routine                               string
	Line                                        int32

	Cause error // for the log, never sent
}

// Error gives "message (SQLSTATE code)".
func (e *Error) Error() string { return fmt.Sprintf("%s (SQLSTATE %s)", e.Message, e.Code) }

// Unwrap gives the cause, which a client never sees.
func (e *Error) Unwrap() error { return e.Cause }

// New makes an ERROR with a SQLSTATE and a formatted primary message.
func New(code, format string, args ...any) *Error {
	msg := format
	if len(args) > 0 {
		msg = fmt.Sprintf(format, args...)
	}
	return &Error{Code: code, Message: msg}
}

// Fatal makes an error that ends the session.
func Fatal(code, format string, args ...any) *Error {
	e := New(code, format, args...)
	e.Severity = SevFatal
	return e
}

// Notice makes a NOTICE; code is usually SuccessfulCompletion.
func Notice(code, format string, args ...any) *Error {
	e := New(code, format, args...)
	e.Severity = SevNotice
	return e
}

// Warning makes a WARNING.
func Warning(code, format string, args ...any) *Error {
	e := New(code, format, args...)
	e.Severity = SevWarning
	return e
}

// Unsupported is the answer to what pgd does not do: 0A000 with the place (a node's location, -1 for none).
func Unsupported(location int32, format string, args ...any) *Error {
	return New(FeatureNotSupported, format, args...).At(location)
}

// At sets the place from a node's location: a 0-based byte offset, negative for none.
func (e *Error) At(location int32) *Error {
	if location >= 0 {
		e.Location = location + 1
	}
	return e
}

// WithDetail sets the detail.
func (e *Error) WithDetail(format string, args ...any) *Error {
	e.Detail = format
	if len(args) > 0 {
		e.Detail = fmt.Sprintf(format, args...)
	}
	return e
}

// WithHint sets the hint.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = format
	if len(args) > 0 {
		e.Hint = fmt.Sprintf(format, args...)
	}
	return e
}

// WithTable sets schema and table.
func (e *Error) WithTable(schema, table string) *Error {
	e.Schema, e.Table = schema, table
	return e
}

// WithColumn sets the column.
func (e *Error) WithColumn(column string) *Error { e.Column = column; return e }

// WithConstraint sets the constraint.
func (e *Error) WithConstraint(name string) *Error { e.Constraint = name; return e }

// WithType sets the data type's name.
func (e *Error) WithType(name string) *Error { e.DataType = name; return e }

// WithCause keeps the error that led to this one, for the log.
func (e *Error) WithCause(err error) *Error { e.Cause = err; return e }

// From gives err as an *Error; what is none becomes an internal error XX000 that keeps it as cause.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: InternalError, Message: err.Error(), Cause: err}
}

// Code gives the SQLSTATE of err, XX000 where it has none and "" for nil.
func Code(err error) string {
	if err == nil {
		return ""
	}
	return From(err).Code
}
