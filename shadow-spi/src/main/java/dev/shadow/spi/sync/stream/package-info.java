/** Change streams: committed changes of a database, read in order and applied exactly once in effect. */
@NullMarked
package dev.shadow.spi.sync.stream;

import org.jspecify.annotations.NullMarked;
