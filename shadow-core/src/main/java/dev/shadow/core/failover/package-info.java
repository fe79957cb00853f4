/** Fencing and traffic with nothing but the hypervisor and the store. */
@NullMarked
package dev.shadow.core.failover;

import org.jspecify.annotations.NullMarked;
