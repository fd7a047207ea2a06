package main

import (
	"pgd/backend/storage"
	"pgd/daemon/keeper"
)

// The keeper copies databases for CREATE DATABASE without knowing how they are stored.
func init() { keeper.CopyDatabase = storage.CopyDatabase }
