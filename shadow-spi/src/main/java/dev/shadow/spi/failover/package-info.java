/** Noticing that a host failed, fencing the old primary, moving the traffic, and the report of it. */
@NullMarked
package dev.shadow.spi.failover;

import org.jspecify.annotations.NullMarked;
