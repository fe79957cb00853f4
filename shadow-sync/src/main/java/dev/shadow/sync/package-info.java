/** Replication that keeps a shadow in step with its primary. */
@NullMarked
package dev.shadow.sync;

import org.jspecify.annotations.NullMarked;
