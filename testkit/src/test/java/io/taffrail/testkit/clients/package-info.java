/** What runs inside the class loader of an old client: nothing here but JDK and Kafka. */
@NullMarked
package io.taffrail.testkit.clients;

import org.jspecify.annotations.NullMarked;
