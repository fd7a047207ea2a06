package session

import (
	"io"
	"time"

	"github.com/sirupsen/logrus"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/daemon/logging"
)

func now() time.Time { return time.Now() }

func discardLog() *logrus.Entry {
	l := logrus.New()
	l.SetOutput(io.Discard)
	return logrus.NewEntry(l)
}

// notice sends a NOTICE, WARNING or INFO, if the client wants it.
func (s *session) notice(e *pgerr.Error) {
	level := noticeLevel(e.Severity)
	if level < messageLevels["error"] && (level >= s.opt.clientMinMessages || e.Severity == pgerr.SevInfo) {
		s.w.Error(s.positioned(e))
	}
	if level >= messageLevels["warning"] && level >= s.opt.logMinMessages {
		s.Log.WithField("sqlstate", e.Code).Warn(e.Message)
	}
}

func noticeLevel(severity string) int {
	switch severity {
	case pgerr.SevWarning:
		return messageLevels["warning"]
	case pgerr.SevNotice:
		return messageLevels["notice"]
	case pgerr.SevInfo, pgerr.SevLog:
		return messageLevels["info"]
	case pgerr.SevDebug:
		return messageLevels["debug1"]
	}
	return messageLevels["error"]
}

// logError writes an error to the log. The statement is not written: its values are the client's.
func (s *session) logError(e *pgerr.Error) {
	l := s.Log.WithField("sqlstate", e.Code)
	if e.Cause != nil {
		l = l.WithError(e.Cause)
	}
	if e.Detail != "" && e.Severity == pgerr.SevFatal {
		l = l.WithField("detail", e.Detail)
	}
	switch {
	case e.Severity == pgerr.SevFatal, e.Severity == pgerr.SevPanic:
		logging.Severe(l, e.Severity, e.Message)
	case messageLevels["error"] >= s.opt.logMinMessages:
		l.Error(e.Message)
	}
}

// statementClass is the least value of log_statement with which a statement is logged.
func statementClass(n parse.Node) string {
	switch n := n.(type) {
	case *parse.InsertStmt, *parse.UpdateStmt, *parse.DeleteStmt, *parse.MergeStmt, *parse.TruncateStmt:
		return "mod"
	case *parse.CopyStmt:
		if n.IsFrom {
			return "mod"
		}
		return "all"
	case *parse.PrepareStmt:
		return statementClass(n.Query)
	case *parse.ExplainStmt, *parse.SelectStmt, *parse.VariableSetStmt, *parse.VariableShowStmt, *parse.TransactionStmt, *parse.FetchStmt,
		*parse.DeclareCursorStmt, *parse.ClosePortalStmt, *parse.ExecuteStmt, *parse.DeallocateStmt, *parse.LockStmt, *parse.VacuumStmt,
		*parse.CheckPointStmt, *parse.DiscardStmt, *parse.ConstraintsSetStmt, *parse.ListenStmt, *parse.UnlistenStmt, *parse.NotifyStmt,
		*parse.DoStmt, *parse.CallStmt, *parse.ReindexStmt, *parse.ClusterStmt:
		return "all"
	}
	return "ddl"
}

// logStatement writes a query string to the log before it runs, where log_statement says so.
func (s *session) logStatement(text string, stmts []*statement) {
	if s.opt.logStatement == "none" || s.opt.logStatement == "" || s.logged {
		return
	}
	for _, st := range stmts {
		class := statementClass(st.source.Node)
		if s.opt.logStatement == "all" || class == "ddl" || class == s.opt.logStatement {
			s.logged = true
			s.Log.WithField("statement", text).Info("statement")
			return
		}
	}
}

func (s *session) logExecute(p *portal) {
	s.logStatement(p.text, []*statement{p.st})
}

// logParse writes how long a Parse took.
func (s *session) logParse(what, name, text string) {
	if s.opt.logMinDuration >= 0 || s.opt.logDuration {
		s.logDuration(what+" "+name, text)
	}
}

// logDuration writes how long a command took, where the settings say so.
func (s *session) logDuration(what, text string) {
	if s.opt.logMinDuration < 0 && !s.opt.logDuration {
		return
	}
	took := time.Since(s.began)
	over := s.opt.logMinDuration >= 0 && took >= s.opt.logMinDuration
	if !over && !s.opt.logDuration {
		return
	}
	l := s.Log.WithField("duration_ms", float64(took.Microseconds())/1000)
	if over && !s.logged {
		l = l.WithField("statement", text)
	}
	l.Info("duration: " + what)
}

// logDisconnection writes the session's end, where log_disconnections says so.
func (s *session) logDisconnection() {
	if s.vars != nil && s.boolSetting("log_disconnections") {
		s.Log.WithField("session_time", time.Since(s.started).Round(time.Millisecond).String()).Info("disconnection")
	}
}
