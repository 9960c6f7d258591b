"""Stage 1, bytes → Document. One file = one source format; `read_documents` chooses the reader."""
