/** Choosing hosts for shadow replicas, and keeping account of licences. */
@NullMarked
package dev.shadow.core.placement;

import org.jspecify.annotations.NullMarked;
