/** The failover drill: a fleet of processes, a client that writes all the time, a host that is killed, and a check. */
@NullMarked
package dev.shadow.examples.drill;

import org.jspecify.annotations.NullMarked;
