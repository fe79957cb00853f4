/** The machinery behind the manager; not part of its face. */
@NullMarked
package dev.shadow.core.internal;

import org.jspecify.annotations.NullMarked;
