package checkpointer

import (
	"errors"

	"pgd/backend/pgerr"
)

// isTurnTimeout tells that writers kept the turn for longer than a checkpoint waits: it is simply tried again.
func isTurnTimeout(err error) bool {
	var e *pgerr.Error
	return errors.As(err, &e) && e.Code == pgerr.LockNotAvailable
}
