/** The shapes of the JSON documents. */
@NullMarked
package dev.shadow.core.internal.document;

import org.jspecify.annotations.NullMarked;
