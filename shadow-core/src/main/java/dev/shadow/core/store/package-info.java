/** Durable records of the control plane, embedded in the process. */
@NullMarked
package dev.shadow.core.store;

import org.jspecify.annotations.NullMarked;
