/** File-level replication: a directory tree kept in step, file by file, in rounds that are committed as a whole. */
@NullMarked
package dev.shadow.sync.file;

import org.jspecify.annotations.NullMarked;
