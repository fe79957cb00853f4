/** State machines, formats and storage of the replication; nothing here is for users. */
@NullMarked
package dev.shadow.sync.internal;

import org.jspecify.annotations.NullMarked;
