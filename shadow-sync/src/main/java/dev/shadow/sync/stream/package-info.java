/** Replication by change stream: the committed changes of one database, applied to another. */
@NullMarked
package dev.shadow.sync.stream;

import org.jspecify.annotations.NullMarked;
