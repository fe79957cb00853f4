/** Durable records of the control plane, and who may write them. */
@NullMarked
package dev.shadow.spi.store;

import org.jspecify.annotations.NullMarked;
