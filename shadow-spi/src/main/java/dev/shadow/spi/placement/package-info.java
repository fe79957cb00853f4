/** Choosing hosts for shadow replicas, and the licences that running there takes. */
@NullMarked
package dev.shadow.spi.placement;

import org.jspecify.annotations.NullMarked;
