import { start } from '../lib/start.js';
import { SignInPage } from '../views/sign-in-page.js';

start(SignInPage);
