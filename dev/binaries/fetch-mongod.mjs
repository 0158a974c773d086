// Run by mongo.ts as a process of its own: the download cannot be told to stop, a process can.
import memoryServer from 'mongodb-memory-server-core';

try {
  console.log(`result:${await memoryServer.MongoBinary.getPath({ downloadDir: process.argv[2] })}`);
} catch (error) {
  console.log(`result-error: ${error.message.replace(/\s+/g, ' ')}`);
  process.exitCode = 1;
}
